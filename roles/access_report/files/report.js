'use strict';

// This script makes tables sortable and searchable, and keeps only one page of rows in the document, so that a hundred
// thousand stay quick. For printing all rows that were found come back. Without it the page shows the first thousand.
const PAGE = 100;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const count = new Intl.NumberFormat();

// Letters that Unicode does not take apart into a plain one and an accent.
const LETTERS = {
  ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th',
};

// Without case and accents: whoever looks for "jurgen" finds Jürgen, and "soren" finds Søren.
const plain = (text) => text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase()
  .replace(/[øđðłħŧıßæœþ]/g, (letter) => LETTERS[letter]);

// The rows of a long table are lists of cells, as report_tables.py describes them, and become elements when they are shown.
const isDate = (text) => /^\d/.test(text);
const date = (value) => `${value.slice(0, 10)} ${value.slice(11, 16)}`;

function text(value, kind) {
  if (kind === 'name') {
    return value.join(' ').trim();
  }
  if (kind === 'state') {
    return value[0];
  }
  return ['date', 'end'].includes(kind) && isDate(value) ? date(value) : String(value ?? '');
}

function keyOf(row, column, kind) {
  if (row instanceof Element) {
    return row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
  }
  return kind === 'end' && !isDate(row[column]) ? '' : text(row[column], kind);
}

const textOf = (row, kinds) => (row instanceof Element
  ? row.textContent
  : row.map((value, column) => text(value, kinds[column])).join(' '));

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = content;
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  return made;
}

function fillDate(cell, value) {
  if (value) {
    const time = element('time', `${value.slice(0, 10)} `, { datetime: value });
    time.append(element('small', value.slice(11, 16)));
    cell.append(time);
  }
}

// What macros.html.j2 does for the first rows.
const FILL = {
  name(cell, [main, small]) {
    cell.append(main, ...(small ? [element('small', small)] : []));
  },
  text: (cell, value) => cell.append(value),
  link: (cell, value) => cell.append(element('a', value, { href: '#assignments', 'data-find': value })),
  date: fillDate,
  end(cell, value) {
    if (isDate(value)) {
      fillDate(cell, value);
    } else {
      cell.dataset.key = '';
      cell.append(value);
    }
  },
  state(cell, [label, tone]) {
    const state = element('span', '', { class: 'state' });
    state.append(element('i', '', { class: tone }), label);
    cell.append(state);
  },
  number(cell, value) {
    cell.className = 'number';
    cell.dataset.key = value ?? '';
    cell.append(value ?? '');
  },
};

function drawn(row, kinds) {
  if (row instanceof Element) {
    return row;
  }
  const made = document.createElement('tr');
  row.forEach((value, column) => {
    const cell = column ? element('td', '') : element('th', '', { scope: 'row' });
    FILL[kinds[column]](cell, value);
    made.append(cell);
  });
  return made;
}

function compare(one, other, numbers) {
  // What is empty comes last in either direction, so it is left to the caller.
  return numbers ? Number(one) - Number(other) : collator.compare(one, other);
}

function sorted(rows, column, kind, direction) {
  const numbers = kind === 'number';
  const keyed = rows.map((row) => [keyOf(row, column, kind), row]);
  keyed.sort(([one], [other]) => {
    if (one === '' || other === '') {
      return (one === '') - (other === '');
    }
    return direction * compare(one, other, numbers);
  });
  return keyed.map(([, row]) => row);
}

class Rows {
  constructor(section) {
    this.table = section.querySelector('table.rows');
    this.body = this.table.tBodies[0];
    this.kinds = Array.from(this.table.tHead.rows[0].cells, (heading) => heading.dataset.kind);
    const long = section.querySelector('script');
    this.all = long ? JSON.parse(long.textContent) : Array.from(this.body.rows);
    this.found = this.all;
    this.first = 0;
    this.search = section.querySelector('input');
    this.output = section.querySelector('output');
    [this.back, this.forth] = section.querySelectorAll('.pages button');
    this.search.addEventListener('input', () => this.find());
    this.back.addEventListener('click', () => this.turn(-PAGE));
    this.forth.addEventListener('click', () => this.turn(PAGE));
    for (const heading of this.table.tHead.rows[0].cells) {
      this.makeSortable(heading);
    }
    section.classList.add('enhanced');
    this.show();
  }

  makeSortable(heading) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => this.sort(heading));
  }

  sort(heading) {
    const descending = heading.getAttribute('aria-sort') === 'ascending';
    for (const other of this.table.tHead.rows[0].cells) {
      other.removeAttribute('aria-sort');
    }
    heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const column = heading.cellIndex;
    this.all = sorted(this.all, column, this.kinds[column], descending ? -1 : 1);
    this.find();
  }

  find() {
    const words = plain(this.search.value).split(/\s+/).filter(Boolean);
    this.texts ??= new Map(this.all.map((row) => [row, plain(textOf(row, this.kinds))]));
    this.found = this.all.filter((row) => words.every((word) => this.texts.get(row).includes(word)));
    this.first = 0;
    this.show();
  }

  turn(rows) {
    this.first += rows;
    this.show();
  }

  show() {
    const page = this.found.slice(this.first, this.first + PAGE);
    this.body.replaceChildren(...page.map((row) => drawn(row, this.kinds)));
    const all = this.found.length === this.all.length ? '' : `, ${count.format(this.all.length)} in all`;
    const range = page.length ? `${count.format(this.first + 1)}–${count.format(this.first + page.length)} of ` : '';
    this.output.textContent = `${range}${count.format(this.found.length)} rows${all}`;
    this.back.disabled = this.first === 0;
    this.forth.disabled = this.first + PAGE >= this.found.length;
    this.back.parentElement.hidden = this.found.length <= PAGE;
  }

  showAll() {
    this.body.replaceChildren();
    // One by one: a call takes no hundred thousand arguments.
    this.found.forEach((row) => this.body.append(drawn(row, this.kinds)));
  }
}

const tables = new Map();
for (const section of document.querySelectorAll('section')) {
  if (section.querySelector('table.rows')) {
    tables.set(section.id, new Rows(section));
  }
}
addEventListener('beforeprint', () => tables.forEach((rows) => rows.showAll()));
addEventListener('afterprint', () => tables.forEach((rows) => rows.show()));

// From an access package to those who hold it.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-find]');
  const rows = link && tables.get('assignments');
  if (rows) {
    rows.search.value = link.dataset.find;
    rows.find();
  }
});
