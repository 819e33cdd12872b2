// @ts-check
// Comfort of the keyboard on every page: in forms marked data-enter="next", Enter goes to the next
// field and sends at the last one, as office software in Japan does. Anybody can switch it off; then
// Enter sends, as browsers do. Forms that are sent once cannot be sent again by a second click.

const SETTING = 'hitokuchi.enter';

/** Whether Enter goes to the next field. */
export function entersNext() {
  try {
    return localStorage.getItem(SETTING) !== 'send';
  } catch {
    return true;
  }
}

/**
 * Keeps the choice in this browser.
 * @param {boolean} next
 */
export function setEntersNext(next) {
  try {
    localStorage.setItem(SETTING, next ? 'next' : 'send');
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

/**
 * Whether a key belongs to an input method that is converting: its Enter only ends the conversion.
 * @param {KeyboardEvent} event
 */
export function isConverting(event) {
  return event.isComposing || event.keyCode === 229;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const field = event.target;
  if (event.key !== 'Enter' || isConverting(event) || !entersNext()) return;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  const form = field.form;
  if (!form || form.dataset.enter !== 'next' || field.type === 'submit') return;
  const fields = [...form.elements].filter(
    (other) =>
      (other instanceof HTMLInputElement || other instanceof HTMLSelectElement || other instanceof HTMLTextAreaElement) &&
      other.type !== 'hidden' && !other.disabled && other.tabIndex >= 0,
  );
  const next = fields[fields.indexOf(field) + 1];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
  if (next instanceof HTMLInputElement) next.select();
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
}

/** A page shown again by the back button may send its forms again: their keys keep them harmless. */
function onShow() {
  for (const form of document.forms) delete form.dataset.sent;
}

// A module that imports this one has it a second time, by an address without its version: once listened
// is enough, or the second would take the first sending for a second click.
if (!document.documentElement.dataset.listens) {
  document.documentElement.dataset.listens = 'yes';
  document.addEventListener('keydown', onKey);
  document.addEventListener('submit', onSubmit);
  window.addEventListener('pageshow', onShow);
}

const menu = document.querySelector('.menu-box');
if (menu instanceof HTMLDetailsElement && window.matchMedia('(max-width: 60rem)').matches) menu.open = false;
