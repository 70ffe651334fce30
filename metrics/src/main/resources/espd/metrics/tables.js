// Tables whose rows stay while their text changes, so that a reader, a selection and a screen
// reader's place in them stay too. Text is only ever text: what a peer calls itself is no markup.

/// Writes `text` where it is not what stands there already.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setClass(element, name) {
  if (element.className !== name) element.className = name;
}

/// One table. Rows are `{key, className, cells}`, a cell a text or
/// `{text, second, className, node}`: a second line in small, and a node that its owner draws. The
/// first cell is the header of its row.
export class Table {
  constructor(table, empty) {
    this.body = table.tBodies[0];
    this.heads = [...table.tHead.rows[0].cells];
    this.empty = empty;
    this.rows = new Map();
    // As cells of a stack on a narrow screen they would be none to a screen reader.
    table.setAttribute("role", "table");
    for (const group of [table.tHead, this.body]) group.setAttribute("role", "rowgroup");
    table.tHead.rows[0].setAttribute("role", "row");
    for (const head of this.heads) head.setAttribute("role", "columnheader");
  }

  show(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, row] of this.rows) {
      if (!keys.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
    }
    rows.forEach((row, index) => {
      const at = this.rowOf(row.key, row.cells);
      if (this.body.rows[index] !== at) this.body.insertBefore(at, this.body.rows[index] ?? null);
      setClass(at, row.className ?? "");
      row.cells.forEach((cell, column) => this.fill(at.cells[column], cell, column));
    });
    this.sayNothing(rows.length === 0);
  }

  rowOf(key, cells) {
    const known = this.rows.get(key);
    if (known) return known;
    const row = document.createElement("tr");
    row.setAttribute("role", "row");
    cells.forEach((_, column) => {
      const cell = document.createElement(column === 0 ? "th" : "td");
      if (column === 0) cell.scope = "row";
      cell.setAttribute("role", column === 0 ? "rowheader" : "cell");
      cell.dataset.label = this.heads[column].textContent;
      row.append(cell);
    });
    this.rows.set(key, row);
    return row;
  }

  fill(element, cell, column) {
    const { text, second, className, node } = typeof cell === "string" ? { text: cell } : cell;
    const number = this.heads[column].className;
    setClass(element, [number, className].filter(Boolean).join(" "));
    if (node) {
      if (element.firstChild !== node) element.replaceChildren(node);
      return;
    }
    if (second === undefined) {
      write(element, text);
      return;
    }
    if (element.children.length !== 1) {
      const small = document.createElement("span");
      small.className = "second";
      element.replaceChildren(document.createTextNode(""), small);
    }
    if (element.firstChild.data !== text) element.firstChild.data = text;
    write(element.lastChild, second);
  }

  sayNothing(isEmpty) {
    const key = "";
    if (!isEmpty) {
      this.rows.get(key)?.remove();
      this.rows.delete(key);
    } else if (!this.rows.has(key)) {
      const row = this.rowOf(key, [this.empty]);
      const cell = document.createElement("td");
      cell.setAttribute("role", "cell");
      cell.className = "empty";
      cell.colSpan = this.heads.length;
      cell.textContent = this.empty;
      row.replaceChildren(cell);
      this.body.append(row);
    }
  }
}
