package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// A file and a method can be taken in at a time. A `switch` that is a table may be longer.
class LengthTest {

  private static final int FILE_LINES = 400;
  private static final int METHOD_LINES = 40;

  @Test
  void noFileIsLongerThanItsLimit() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : Sources.java()) {
      long lines = Files.readString(file).lines().count();
      if (lines > FILE_LINES) {
        tooLong.add(Sources.root().relativize(file) + ": " + lines);
      }
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void noMethodIsLongerThanItsLimit() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> tooLong = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(Sources.java()));
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(unit, Trees.instance(task), tooLong).scan(unit, null);
      }
    }
    assertEquals(List.of(), tooLong);
  }

  private static final class Methods extends TreeScanner<Void, Void> {

    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<String> tooLong;
    private int tables;

    Methods(CompilationUnitTree unit, Trees trees, List<String> tooLong) {
      this.unit = unit;
      this.trees = trees;
      this.tooLong = tooLong;
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      int tablesBefore = tables;
      super.visitMethod(method, null);
      long lines = line(trees.getSourcePositions().getEndPosition(unit, method)) - line(method) + 1;
      if (lines > METHOD_LINES && tables == tablesBefore) {
        Path file = Path.of(unit.getSourceFile().getName()).getFileName();
        tooLong.add(file + " " + method.getName() + ": " + lines);
      }
      return null;
    }

    @Override
    public Void visitSwitch(SwitchTree table, Void none) {
      tables++;
      return super.visitSwitch(table, null);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree table, Void none) {
      tables++;
      return super.visitSwitchExpression(table, null);
    }

    private long line(MethodTree method) {
      return line(trees.getSourcePositions().getStartPosition(unit, method));
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }
  }
}
