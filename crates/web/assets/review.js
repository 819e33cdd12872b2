// @ts-check
// Comfort of the review: a digit decides, letters lead on. Without this every button works all the same.

import { isConverting } from './enter.js';

const REASON = 'hitokuchi.review.reason';

const form = document.querySelector('#decide');
const reason = document.querySelector('#reason');
const chosenWords = document.querySelector('#chosen');
/** @type {HTMLButtonElement | null} */
let chosen = null;

/** The reason written last in this window, for the next line: most are decided alike. */
function lastReason() {
  try {
    return sessionStorage.getItem(REASON) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} words */
function keepReason(words) {
  try {
    sessionStorage.setItem(REASON, words);
  } catch {
    // A window that keeps nothing asks again.
  }
}

/** @param {HTMLButtonElement} button */
function choose(button) {
  if (!(form instanceof HTMLFormElement) || !(reason instanceof HTMLInputElement)) return;
  chosen?.closest('tr')?.classList.remove('is-chosen');
  chosen = button;
  button.closest('tr')?.classList.add('is-chosen');
  if (reason.value.trim() !== '') {
    form.requestSubmit(button);
    return;
  }
  if (chosenWords instanceof HTMLElement) {
    const label = button.textContent?.trim() ?? '';
    chosenWords.textContent = (chosenWords.dataset.words ?? '').replace('%', label);
  }
  reason.focus();
}

/**
 * Whether somebody is writing: then digits and letters are text.
 * @param {EventTarget | null} target
 */
function isWriting(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (isConverting(event) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target === reason && event.key === 'Enter') {
    event.preventDefault();
    if (chosen) choose(chosen);
    return;
  }
  if (event.target === reason && event.key === 'Escape') {
    reason instanceof HTMLElement && reason.blur();
    return;
  }
  if (isWriting(event.target)) return;
  const key = event.key.normalize('NFKC').toLowerCase();
  const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
  if (button instanceof HTMLButtonElement) {
    event.preventDefault();
    choose(button);
    return;
  }
  const shortcut = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (shortcut instanceof HTMLElement) {
    event.preventDefault();
    shortcut.click();
    const field = shortcut.closest('details')?.querySelector('input:not([type="hidden"])');
    if (field instanceof HTMLElement) field.focus();
  }
}

if (reason instanceof HTMLInputElement && reason.value === '') reason.value = lastReason();
form?.addEventListener('submit', () => {
  if (reason instanceof HTMLInputElement) keepReason(reason.value.trim());
});
document.addEventListener('keydown', onKey);
