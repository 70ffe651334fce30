package espd.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Whether this machine can be a [Lab].
final class LabCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return ConditionEvaluationResult.disabled("network namespaces need root");
    }
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      return ConditionEvaluationResult.disabled("there is no /dev/net/tun");
    }
    return ConditionEvaluationResult.enabled("root, with /dev/net/tun");
  }
}
