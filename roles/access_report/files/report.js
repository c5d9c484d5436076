'use strict';

// The page is complete without this script. It makes tables sortable and searchable, and keeps only one page of rows in
// the document, so that ten thousand stay quick. For printing all rows that were found come back.
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

const keyOf = (cell) => cell.dataset.key ?? cell.textContent.trim();

function compare(one, other, numbers) {
  // What is empty comes last in either direction, so it is left to the caller.
  return numbers ? Number(one) - Number(other) : collator.compare(one, other);
}

function sorted(rows, column, numbers, direction) {
  const keyed = rows.map((row) => [keyOf(row.cells[column]), row]);
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
    this.all = Array.from(this.body.rows);
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
    const numbers = heading.classList.contains('number');
    this.all = sorted(this.all, heading.cellIndex, numbers, descending ? -1 : 1);
    this.find();
  }

  find() {
    const words = plain(this.search.value).split(/\s+/).filter(Boolean);
    this.texts ??= new Map(this.all.map((row) => [row, plain(row.textContent)]));
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
    this.body.replaceChildren(...page);
    const all = this.found.length === this.all.length ? '' : `, ${count.format(this.all.length)} in all`;
    const range = page.length ? `${count.format(this.first + 1)}–${count.format(this.first + page.length)} of ` : '';
    this.output.textContent = `${range}${count.format(this.found.length)} rows${all}`;
    this.back.disabled = this.first === 0;
    this.forth.disabled = this.first + PAGE >= this.found.length;
    this.back.parentElement.hidden = this.found.length <= PAGE;
  }

  showAll() {
    this.body.replaceChildren(...this.found);
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
