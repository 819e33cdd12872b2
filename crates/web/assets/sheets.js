// @ts-check
// Keying a sheet. The form takes a line; Enter leads from the member number to the units and to the next
// line, while the order number stays. What a line comes to is asked for while it is typed, and stands
// beside it before it is left. Lines go to the server by sheets_queue.js.

import { entersNext, isConverting, setEntersNext } from './enter.js';
import { Queue } from './sheets_queue.js';
import { drop, keep, kept, place } from './sheets_unsaved.js';

/** @typedef {import('./sheets_unsaved.js').Values} Values */
/** @typedef {import('./sheets_unsaved.js').Entry} Entry */
/**
 * @typedef {object} Row
 * @property {number} line_no
 * @property {string} member_number
 * @property {string} [order_number]
 * @property {number} [units]
 * @property {number} [amount]
 * @property {number} [comes_to]
 * @property {string} [note]
 * @property {string} keyed_by
 */

const LOOK_AFTER_MS = 80;
const OTHERS_EVERY_MS = 15_000;
const ACTIVE_MS = 60_000;

const root = /** @type {HTMLElement} */ (document.getElementById('keying'));
const form = /** @type {HTMLFormElement} */ (document.getElementById('entry'));
const address = `/sheets/${root.dataset.sheet}/${root.dataset.keying}`;
const person = root.dataset.person ?? '';
const isDepot = root.dataset.depot === 'yes';
const kind = place(person, root.dataset.sheet ?? '', root.dataset.keying ?? '');
const draftName = `${kind}draft`;

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement|null} */ (form.elements.namedItem(name));
const member = /** @type {HTMLInputElement} */ (field('member_number'));
const order = /** @type {HTMLInputElement} */ (field('order_number'));
const units = /** @type {HTMLInputElement} */ (field('units'));
const amount = field('amount');
const note = field('note');
const fields = /** @type {HTMLInputElement[]} */ ([member, order, units, amount, note].filter(Boolean));

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The page's words. @param {string} word @param {string|number} [n] */
function words(word, n = '') {
  const found = byId('keying-words').querySelector(`[data-word="${word}"]`);
  return (found?.textContent ?? word).replace('{n}', String(n));
}

/** @type {Map<number, Row>} */
let rows = new Map();
/** What the server says the saved lines come to. @type {any} */
let keyed = null;
/** Why a line would be held, by its entry's id or its line. @type {Map<string|number, string>} */
const whys = new Map();
/** Yen a unit, by order number. @type {Map<string, number>} */
const prices = new Map();
/** The line being corrected. @type {Row|null} */
let editing = null;
let lastTouched = Date.now();
/** Whether the lines were fetched; until then those that came with the page stand. */
let isLoaded = false;

const queue = new Queue({
  place: kind,
  address,
  person,
  csrf: document.querySelector('meta[name="csrf-token"]')?.getAttribute('content') ?? '',
  onState: () => render(),
  onSaved,
  onLines: take,
});

/** @param {any} answer */
function take(answer) {
  isLoaded = true;
  rows = new Map(answer.lines.map((/** @type {Row} */ row) => [row.line_no, row]));
  keyed = answer.keyed;
  if (answer.state !== 'open') byId('keying-closed').hidden = false;
  render();
  askWhys();
}

/** What each saved line said when it was asked whether it would be held. @type {Map<number, string>} */
const looked = new Map();
/** Lines on their way of which that is known. @type {Set<string>} */
const lookedOnTheWay = new Set();
let isAskingWhys = false;

/** @param {Row} row */
function isLooked(row) {
  return looked.get(row.line_no) === JSON.stringify(seenOf(row));
}

/** Asks of the lines from before a reload, of pasted ones and of those of others whether they would be
 *  held: one after the other, the newest first, so that whoever types is not kept waiting. */
async function askWhys() {
  if (isAskingWhys) return;
  isAskingWhys = true;
  for (;;) {
    const open = [...rows.values()].filter((row) => !isLooked(row));
    const row = open.reduce((newest, one) => (newest && newest.line_no > one.line_no ? newest : one), open[0]);
    if (!row) break;
    const told = await queue.ask(`${address}/look`, {
      line_no: row.line_no,
      member_number: row.member_number,
      order_number: row.order_number ?? undefined,
      units: row.units?.toString(),
      amount: row.amount?.toString(),
      note: row.note ?? undefined,
    });
    if (!told.ok) break;
    looked.set(row.line_no, JSON.stringify(seenOf(row)));
    if (told.body.is_held) whys.set(row.line_no, told.body.why);
    else whys.delete(row.line_no);
    render();
  }
  isAskingWhys = false;
}

/** @param {Entry} entry @param {any} answer */
function onSaved(entry, answer) {
  const before = rows.size;
  const why = whys.get(entry.id);
  whys.delete(entry.id);
  if (entry.to === 'take-out') rows.delete(entry.body.line_no);
  const saved = entry.to === 'many' ? answer.keyed : entry.to === 'lines' ? [answer.line] : [];
  for (const row of saved) {
    rows.set(row.line_no, row);
    if (entry.to === 'lines') {
      if (why) whys.set(row.line_no, why);
      else whys.delete(row.line_no);
      if (lookedOnTheWay.delete(entry.id)) looked.set(row.line_no, JSON.stringify(seenOf(row)));
    }
  }
  keyed = null;
  render();
  const expected = entry.to === 'take-out' ? before - 1 : rows.size;
  if (answer.lines !== expected || queue.waiting().length === 0) refresh();
}

let refreshing = 0;
/** Fetches the lines as they are kept, those of others among them; soon, and once for many reasons. */
function refresh() {
  clearTimeout(refreshing);
  refreshing = window.setTimeout(() => queue.renew(), 250);
}

/** Full-width letters and digits as half-width ones. @param {string} text */
function half(text) {
  return text.normalize('NFKC').trim();
}

function isOrderWhole() {
  return /^[0-9]{6}$/.test(half(order.value));
}

/** @returns {Values} */
function typed() {
  /** @type {Values} */
  const values = { member_number: half(member.value) };
  if (half(order.value)) values.order_number = half(order.value);
  if (half(units.value)) values.units = Number(half(units.value));
  if (amount && half(amount.value)) values.amount = Number(half(amount.value).replaceAll(/[,¥円]/g, ''));
  if (note?.value.trim()) values.note = note.value.trim();
  return values;
}

/** What is wrong with a line, by field. @param {Values} values @returns {Array<[string, string]>} */
function wrongIn(values) {
  /** @type {Array<[string, string]>} */
  const wrong = [];
  if (!/^[0-9A-Za-z][0-9A-Za-z-]{0,19}$/.test(values.member_number)) wrong.push(['member_number', words('wrong-member')]);
  const isFreeText = isDepot && !values.order_number && values.note;
  if (!isFreeText && !/^[0-9]{6}$/.test(values.order_number ?? '')) wrong.push(['order_number', words('wrong-order')]);
  const isOfAmount = isDepot && values.units === undefined && (values.amount !== undefined || isFreeText);
  if (!isOfAmount && !(Number.isInteger(values.units) && Number(values.units) >= 1 && Number(values.units) <= 99)) {
    wrong.push(['units', words('wrong-units')]);
  }
  if (values.amount !== undefined && !(Number.isInteger(values.amount) && values.amount >= 1)) {
    wrong.push(['amount', words('wrong-amount')]);
  }
  return wrong;
}

/** @param {Array<[string, string]>} wrong */
function showWrong(wrong) {
  for (const one of fields) {
    one.removeAttribute('aria-invalid');
    one.removeAttribute('aria-errormessage');
    document.getElementById(`${one.name}-typed-wrong`)?.remove();
  }
  for (const [name, message] of wrong) {
    const input = field(name);
    if (!input) continue;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-errormessage', `${name}-typed-wrong`);
    const told = document.createElement('p');
    told.className = 'field-wrong';
    told.id = `${name}-typed-wrong`;
    told.setAttribute('role', 'alert');
    told.textContent = message;
    input.before(told);
  }
}

/** The look under way: what was asked, and the answer to come. @type {{asked: string, answer: Promise<any>}|null} */
let looking = null;
let lookTimer = 0;
let lookAbort = new AbortController();

function lookBody() {
  return {
    line_no: editing?.line_no,
    member_number: half(member.value) || undefined,
    order_number: isOrderWhole() ? half(order.value) : undefined,
    units: /^[0-9]{1,2}$/.test(half(units.value)) ? half(units.value) : undefined,
    amount: amount && half(amount.value) ? half(amount.value).replaceAll(/[¥円]/g, '') : undefined,
    note: note?.value.trim() || undefined,
  };
}

function askLook() {
  clearTimeout(lookTimer);
  const body = lookBody();
  const asked = JSON.stringify(body);
  if (looking?.asked === asked) return;
  if (!body.member_number && !body.order_number) {
    looking = null;
    lookAbort.abort();
    showLook(null);
    return;
  }
  lookAbort.abort();
  lookAbort = new AbortController();
  const answer = queue.ask(`${address}/look`, body, undefined, lookAbort.signal).then((told) => {
    if (!told.ok) {
      if (looking?.asked === asked) looking = null;
      return null;
    }
    if (body.order_number && told.body.unit_price) prices.set(body.order_number, told.body.unit_price);
    if (looking?.asked === asked) showLook(told.body);
    return told.body;
  });
  looking = { asked, answer };
}

function askLookSoon() {
  clearTimeout(lookTimer);
  lookTimer = window.setTimeout(askLook, LOOK_AFTER_MS);
}

/** @param {any} look */
function showLook(look) {
  byId('look-member').innerHTML = look?.member ?? '';
  byId('look-order').innerHTML = look?.order ?? '';
}

/** What the order number means, without what was said of the line that was left. @param {string} order */
function showOrderOnly(order) {
  const place = byId('look-order');
  if (place.innerHTML !== order) place.innerHTML = order;
  for (const one of place.querySelectorAll('.of-line')) one.remove();
}

/** Leaves the line: it is kept at once and sent; the next one begins. */
function leaveLine() {
  const values = typed();
  const wrong = wrongIn(values);
  showWrong(wrong);
  if (wrong.length) {
    field(wrong[0][0])?.focus();
    return;
  }
  askLook();
  const asked = looking;
  /** @type {Record<string, any>} */
  const body = { ...values };
  if (editing) {
    body.line_no = editing.line_no;
    body.replacing = seenOf(editing);
  }
  // The answer to this line goes on, though the next one is begun.
  lookAbort = new AbortController();
  looking = null;
  const entry = queue.add({ to: 'lines', body, lines: 1 });
  asked?.answer.then((look) => {
    // The order number stays, and so does what it means, until the next line says more.
    const stays = half(order.value) === (values.order_number ?? '');
    if (look && looking === null && stays) showOrderOnly(look.order);
    if (look && queue.waiting().some((one) => one.entry.id === entry.id)) lookedOnTheWay.add(entry.id);
    if (!look?.is_held) return;
    const line = queue.waiting().some((one) => one.entry.id === entry.id) ? entry.id : lineOf(values);
    if (line !== undefined) whys.set(line, look.why);
    render();
  });
  stopEditing();
  member.value = '';
  units.value = '';
  if (amount) amount.value = '';
  if (note) note.value = '';
  drop(draftName);
  byId('look-member').innerHTML = '';
  showOrderOnly(byId('look-order').innerHTML);
  member.focus();
  render();
}

/** The newest saved line that says this. @param {Values} values */
function lineOf(values) {
  const same = [...rows.values()].filter(
    (row) => row.member_number === values.member_number && (row.order_number ?? '') === (values.order_number ?? ''),
  );
  return same.at(-1)?.line_no;
}

/** @param {Row} row */
function seenOf(row) {
  return {
    member_number: row.member_number,
    order_number: row.order_number,
    units: row.units,
    amount: row.amount,
    note: row.note,
  };
}

/** @param {Row} row */
function edit(row) {
  editing = row;
  fill(row);
  byId('editing').hidden = false;
  byId('editing-words').textContent = words('editing', row.line_no);
  member.focus();
  member.select();
  askLook();
}

/** @param {Partial<Values>} values */
function fill(values) {
  member.value = values.member_number ?? '';
  order.value = values.order_number ?? '';
  units.value = values.units === undefined ? '' : String(values.units);
  if (amount) amount.value = values.amount === undefined ? '' : String(values.amount);
  if (note) note.value = values.note ?? '';
}

function stopEditing() {
  editing = null;
  byId('editing').hidden = true;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const at = event.target;
  if (!(at instanceof HTMLInputElement) || isConverting(event)) return;
  if (event.key === 'Escape' && editing) {
    stopEditing();
    fill({ order_number: order.value });
    showLook(null);
    return;
  }
  if (event.key === 'ArrowUp' && at === member && !member.value && rows.size) {
    event.preventDefault();
    const last = rows.get(Math.max(...rows.keys()));
    if (last) edit(last);
    return;
  }
  if (event.key !== 'Enter') return;
  event.preventDefault();
  if (!entersNext()) {
    leaveLine();
    return;
  }
  const next = nextOf(at);
  if (!next) {
    leaveLine();
    return;
  }
  next.focus();
  next.select();
  askLook();
}

/** The field that Enter leads to; none at the end of the line. @param {HTMLInputElement} at */
function nextOf(at) {
  if (at === member) {
    if (!half(member.value)) return member;
    return isOrderWhole() ? units : order;
  }
  const place = fields.indexOf(at);
  return place < 0 ? null : (fields[place + 1] ?? null);
}

/** @param {ClipboardEvent} event */
function onPaste(event) {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  takePaste(text);
}

/** Keys the lines of a table; while any cannot be read, none, and all stay to be corrected. @param {string} text */
function takePaste(text) {
  const { lines, wrong } = readTable(text);
  const box = byId('paste');
  const area = /** @type {HTMLTextAreaElement} */ (byId('paste-text'));
  const list = byId('paste-wrong');
  list.replaceChildren(
    ...wrong.map(([line, message]) => {
      const item = document.createElement('li');
      item.textContent = `${words('paste-line', line)} ${message}`;
      return item;
    }),
  );
  if (wrong.length) {
    area.value = text;
    box.hidden = false;
    byId('paste-told').textContent = words('paste-wrong', new Set(wrong.map(([line]) => line)).size);
    area.focus();
    return;
  }
  box.hidden = true;
  area.value = '';
  if (lines.length) queue.add({ to: 'many', body: { lines }, lines: lines.length });
  member.focus();
  render();
}

const HEADS = {
  member_number: ['組合員番号', 'member_number', 'member number'],
  order_number: ['注文番号', 'order_number', 'order number'],
  units: ['口数', 'units'],
  amount: ['金額', 'amount'],
  note: ['備考', 'note'],
};

/**
 * Reads a table as Excel copies it: with heads in any order, or member number, order number, units;
 * with two columns, member number and units under the order number that stays.
 * @param {string} text
 */
function readTable(text) {
  const cells = text.replaceAll('\r', '').split('\n').map((line) => line.split('\t'));
  /** @type {Values[]} */
  const lines = [];
  /** @type {Array<[number, string]>} */
  const wrong = [];
  const first = (cells[0] ?? []).map((cell) => half(cell).toLowerCase());
  const named = Object.entries(HEADS).map(([name, heads]) => [name, first.findIndex((cell) => heads.includes(cell))]);
  const hasHead = named.some(([name, at]) => name === 'member_number' && Number(at) >= 0);
  const widest = Math.max(0, ...cells.map((line) => line.length));
  const columns = hasHead
    ? new Map(named.filter(([, at]) => Number(at) >= 0).map(([name, at]) => [String(name), Number(at)]))
    : new Map(widest <= 2 ? [['member_number', 0], ['units', 1]] : Object.keys(HEADS).map((name, at) => [name, at]));
  cells.forEach((line, at) => {
    if ((hasHead && at === 0) || line.every((cell) => !cell.trim())) return;
    /** @param {string} name */
    const cell = (name) => {
      const column = columns.get(name);
      return column === undefined ? '' : half(line[column] ?? '');
    };
    /** @type {Values} */
    const values = { member_number: cell('member_number') };
    const number = columns.has('order_number') ? cell('order_number') : half(order.value);
    if (number) values.order_number = number;
    if (cell('units')) values.units = /^[0-9]+$/.test(cell('units')) ? Number(cell('units')) : Number.NaN;
    const yen = cell('amount').replaceAll(/[,¥円]/g, '');
    if (yen) values.amount = /^[0-9]+$/.test(yen) ? Number(yen) : Number.NaN;
    if (cell('note')) values.note = cell('note');
    lines.push(values);
    for (const [, message] of wrongIn(values)) wrong.push([at + 1, message]);
  });
  return { lines, wrong };
}

function onType() {
  lastTouched = Date.now();
  keep(draftName, JSON.stringify({ ...drafted(), line_no: editing?.line_no }));
  if (isOrderWhole() && document.activeElement === order) askLook();
  else askLookSoon();
}

function drafted() {
  return {
    member_number: member.value,
    order_number: order.value,
    units: units.value,
    amount: amount?.value,
    note: note?.value,
  };
}

/** Brings the line back that was being typed when the page went away. */
function restoreDraft() {
  const draft = kept(draftName);
  if (!draft) return;
  const values = JSON.parse(draft);
  member.value = values.member_number ?? '';
  order.value = values.order_number || order.value;
  units.value = values.units ?? '';
  if (amount) amount.value = values.amount ?? '';
  if (note) note.value = values.note ?? '';
  const row = values.line_no === undefined ? undefined : rows.get(values.line_no);
  if (row) {
    editing = row;
    byId('editing').hidden = false;
    byId('editing-words').textContent = words('editing', row.line_no);
  }
  askLook();
}

/** @param {string} text @param {string} [kind] */
function cell(text, kind = '') {
  const made = document.createElement('td');
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** @param {number|undefined|null} value */
function yen(value) {
  return value === undefined || value === null ? '' : `¥${value.toLocaleString('ja-JP')}`;
}

/** @param {Values} values */
function yenOf(values) {
  if (values.amount !== undefined) return values.amount;
  const price = prices.get(values.order_number ?? '');
  return price === undefined || values.units === undefined ? undefined : price * values.units;
}

/** @param {string} word @param {() => void} does @param {string} label */
function button(word, does, label) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'plain';
  made.textContent = words(word);
  made.setAttribute('aria-label', `${label} ${words(word)}`);
  made.addEventListener('click', does);
  return made;
}

/** @param {string} no @param {Partial<Row>} row @param {string} state @param {string} kind */
function rowOf(no, row, state, kind) {
  const made = document.createElement('tr');
  made.className = kind;
  const head = document.createElement('th');
  head.scope = 'row';
  head.className = 'num';
  head.textContent = no;
  const own = [cell(row.member_number ?? '', 'code'), cell(row.order_number ?? '', 'code'), cell(String(row.units ?? ''), 'num')];
  made.append(head, ...own, cell(yen(row.comes_to), 'num'));
  if (isDepot) made.append(cell(row.note ?? ''));
  made.append(cell(state), document.createElement('td'));
  return made;
}

let rendering = 0;
/** Draws the lines anew, at most once a frame. */
function render() {
  showState();
  showTotals();
  cancelAnimationFrame(rendering);
  rendering = requestAnimationFrame(draw);
}

function draw() {
  const made = [];
  for (const { name, entry } of queue.waiting().reverse()) made.push(waitingRow(name, entry));
  const body = /** @type {HTMLElement} */ (byId('lines').querySelector('tbody'));
  if (!isLoaded) {
    for (const old of body.querySelectorAll('[data-unsaved]')) old.remove();
    body.prepend(...made);
    return;
  }
  const saved = [...rows.values()].sort((one, other) => other.line_no - one.line_no);
  for (const row of saved) {
    const why = whys.get(row.line_no) ?? '';
    const drawn = rowOf(String(row.line_no), row, why, why ? 'is-care' : '');
    drawn.dataset.line = String(row.line_no);
    drawn.lastElementChild?.append(button('edit', () => edit(row), words('line', row.line_no)));
    made.push(drawn);
  }
  body.replaceChildren(...made);
  byId('lines-none').hidden = made.length > 0;
}

/** @param {string} name @param {Entry} entry */
function waitingRow(name, entry) {
  const told = entry.problem ?? [words('unsaved-row'), whys.get(entry.id)].filter(Boolean).join(' ');
  const values = entry.to === 'lines' ? entry.body : entry.to === 'take-out' ? entry.body.seen : {};
  const no = entry.body.line_no === undefined ? '' : String(entry.body.line_no);
  const shown = entry.to === 'many' ? { member_number: words('pasted-row', entry.lines) } : values;
  const drawn = rowOf(no, { ...shown, comes_to: yenOf(values) }, told, entry.problem ? 'is-wrong' : 'is-care');
  drawn.dataset.unsaved = entry.to;
  if (!entry.problem) return drawn;
  const last = drawn.lastElementChild;
  if (entry.to !== 'take-out') {
    last?.append(button('take-back', () => takeBack(name, entry), shown.member_number ?? ''));
  }
  last?.append(button('give-up', () => giveUp(name), shown.member_number ?? ''));
  return drawn;
}

/** Takes a refused line back into the fields, to be corrected. @param {string} name @param {Entry} entry */
function takeBack(name, entry) {
  if (entry.to === 'many') {
    const lines = /** @type {Values[]} */ (entry.body.lines);
    const columns = /** @type {Array<keyof Values>} */ (['member_number', 'order_number', 'units', 'amount', 'note']);
    const area = /** @type {HTMLTextAreaElement} */ (byId('paste-text'));
    area.value = lines.map((line) => columns.map((column) => line[column] ?? '').join('\t')).join('\n');
    byId('paste').hidden = false;
    byId('paste-told').textContent = entry.problem ?? '';
    area.focus();
  } else {
    const row = entry.body.line_no === undefined ? undefined : rows.get(entry.body.line_no);
    if (row) edit(row);
    fill(entry.body);
    member.focus();
    onType();
  }
  queue.forget(name);
}

/** @param {string} name */
function giveUp(name) {
  if (window.confirm(words('give-up-sure'))) queue.forget(name);
}

function showState() {
  const lines = queue.waiting().reduce((sum, { entry }) => sum + entry.lines, 0);
  const box = byId('keying-state');
  const told = lines ? words(queue.state === 'saved' ? 'sending' : queue.state, lines) : words('saved');
  const whole = queue.isKept || !lines ? told : `${told} ${words('not-kept')}`;
  if (byId('keying-state-words').textContent !== whole) byId('keying-state-words').textContent = whole;
  const calm = queue.state === 'saved' || queue.state === 'sending' || !lines;
  box.className = calm ? 'notice keying-state' : 'notice wrong keying-state';
  byId('keying-sign-in').hidden = queue.state !== 'signed-out';
}

/** The totals of what is keyed, unsaved lines among it, against the cover's. */
function showTotals() {
  const waiting = queue.waiting().map(({ entry }) => entry);
  const lines = new Map([...rows.values()].map((row) => [String(row.line_no), { ...row, yen: row.comes_to }]));
  for (const entry of waiting) {
    const many = entry.to === 'many' ? entry.body.lines : entry.to === 'lines' ? [entry.body] : [];
    many.forEach((/** @type {any} */ values, /** @type {number} */ at) => {
      lines.set(String(values.line_no ?? `${entry.id}-${at}`), { ...values, yen: yenOf(values) });
    });
    if (entry.to === 'take-out') lines.delete(String(entry.body.line_no));
  }
  const all = [...lines.values()];
  /** @type {Record<string, bigint|null>} */
  const sums = {
    lines: BigInt(all.length),
    units: all.reduce((sum, line) => sum + BigInt(line.units ?? 0), 0n),
    amount: all.reduce((sum, line) => sum + BigInt(line.yen ?? 0), 0n),
    member_sum: all.every((line) => /^[0-9]+$/.test(line.member_number))
      ? all.reduce((sum, line) => sum + BigInt(line.member_number), 0n)
      : null,
  };
  if (keyed && waiting.length === 0) {
    sums.units = BigInt(keyed.units ?? 0);
    sums.amount = BigInt(keyed.amount ?? 0);
  }
  for (const row of byId('totals').querySelectorAll('tr[data-total]')) {
    if (!(row instanceof HTMLElement)) continue;
    const sum = sums[row.dataset.total ?? ''];
    const control = row.dataset.control ? BigInt(row.dataset.control) : null;
    const difference = sum === null || sum === undefined || control === null ? null : sum - control;
    const [, now, off] = row.querySelectorAll('td');
    if (now) now.textContent = sum === null || sum === undefined ? '' : sum.toLocaleString('ja-JP');
    if (off) off.textContent = difference === null ? '' : difference > 0n ? `+${difference.toLocaleString('ja-JP')}` : difference.toLocaleString('ja-JP');
    row.classList.toggle('is-even', difference === 0n);
  }
}

form.addEventListener('keydown', onKey);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  event.stopPropagation();
  leaveLine();
});
form.addEventListener('input', onType);
form.addEventListener('compositionend', onType);
for (const one of fields) one.addEventListener('paste', onPaste);
byId('stop-editing').addEventListener('click', () => {
  stopEditing();
  fill({ order_number: order.value });
  showLook(null);
  member.focus();
});
byId('take-out').addEventListener('click', () => {
  if (!editing) return;
  queue.add({ to: 'take-out', body: { line_no: editing.line_no, seen: seenOf(editing) }, lines: 1 });
  stopEditing();
  fill({ order_number: order.value });
  showLook(null);
  drop(draftName);
  member.focus();
  render();
});
byId('paste-again').addEventListener('click', () => takePaste(/** @type {HTMLTextAreaElement} */ (byId('paste-text')).value));
byId('paste-away').addEventListener('click', () => {
  if (!window.confirm(words('give-up-sure'))) return;
  /** @type {HTMLTextAreaElement} */ (byId('paste-text')).value = '';
  byId('paste').hidden = true;
  member.focus();
});
const enterBox = /** @type {HTMLInputElement} */ (byId('enter-next'));
enterBox.checked = entersNext();
enterBox.addEventListener('change', () => setEntersNext(enterBox.checked));
window.setInterval(() => {
  // Who has gone away does not keep the session alive.
  if (document.visibilityState === 'visible' && Date.now() - lastTouched < ACTIVE_MS && !queue.waiting().length) refresh();
}, OTHERS_EVERY_MS);

byId('keying-tools').hidden = false;
for (const one of root.querySelectorAll('[data-plain]')) one.remove();
await queue.renew();
restoreDraft();
if (document.activeElement === document.body) member.focus();
queue.drain();
root.dataset.ready = 'yes';
