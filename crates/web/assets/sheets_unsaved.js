// @ts-check
// Lines that were keyed and are not with the server yet: kept in this browser, each under a name of its
// own, by person, sheet and keying, so that a reload, a closed tab, a dropped connection or an ended
// session loses none, and two tabs do not overwrite one another's. What is saved is removed from here.

/**
 * @typedef {object} Values
 * @property {string} member_number
 * @property {string} [order_number]
 * @property {number} [units]
 * @property {number} [amount]
 * @property {string} [note]
 *
 * @typedef {object} Entry
 * @property {string} id      its key: sent twice, it is done once
 * @property {'lines'|'many'|'take-out'} to   where it is sent
 * @property {Record<string, any>} body   what is sent
 * @property {number} lines   how many lines it is about
 * @property {string} [problem]   why the server refused it
 */

const PREFIX = 'hitokuchi.keying/';

/** Keeps what the browser will not: private windows may refuse to store anything. */
const memory = new Map();

/** @param {string} name @param {string} text */
export function keep(name, text) {
  memory.set(name, text);
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function drop(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

/** @param {string} name */
export function kept(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

/** @param {string} start */
export function namesUnder(start) {
  const names = new Set([...memory.keys()].filter((name) => name.startsWith(start)));
  try {
    for (let place = 0; place < localStorage.length; place += 1) {
      const name = localStorage.key(place);
      if (name?.startsWith(start)) names.add(name);
    }
  } catch {
    // Nothing is kept.
  }
  return [...names].sort();
}

/**
 * Where the lines of a keying are kept.
 * @param {string} person @param {string} sheet @param {string} keying
 */
export function place(person, sheet, keying) {
  return `${PREFIX}${encodeURIComponent(person)}/${sheet}/${keying}/`;
}

/** On pages about a sheet that is not being keyed: says so where lines of it are still here. */
function tell() {
  const box = document.querySelector('[data-unsaved-of]');
  if (!(box instanceof HTMLElement)) return;
  const own = `${PREFIX}${encodeURIComponent(box.dataset.unsavedOf ?? '')}/`;
  const only = box.dataset.unsavedSheet;
  const list = box.querySelector('ul');
  const found = new Set();
  for (const name of namesUnder(own)) {
    const [sheet, keying, rest] = name.slice(own.length).split('/');
    if (rest === 'draft' || (only && only !== sheet)) continue;
    found.add(`${sheet}/${keying}`);
  }
  for (const address of found) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = `/sheets/${address}`;
    const [sheet, keying] = address.split('/');
    link.textContent = (box.dataset[keying === 'first' ? 'wordFirst' : 'wordSecond'] ?? '').replace('{n}', sheet);
    item.append(link);
    list?.append(item);
  }
  box.hidden = found.size === 0;
}

tell();
