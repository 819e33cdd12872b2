// @ts-check
// The sums of an entry as it is written. Without this the page shows them when it is sent.

const form = document.getElementById('new-entry');

/**
 * The yen of a field: full-width digits, separators and the yen sign as people write them.
 * @param {string} text
 */
function yen(text) {
  const digits = text.normalize('NFKC').replace(/[,¥円\s]/g, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : 0;
}

/** @param {number} amount */
function written(amount) {
  return `¥${amount.toLocaleString('en-US')}`;
}

/** @param {HTMLFormElement} of */
function sum(of) {
  /** @type {Record<string, number>} */
  const sums = { debit: 0, credit: 0 };
  for (const field of of.querySelectorAll('input[data-side]')) {
    if (field instanceof HTMLInputElement) sums[field.dataset.side ?? ''] += yen(field.value);
  }
  sums.difference = Math.abs(sums.debit - sums.credit);
  for (const output of of.querySelectorAll('output[data-sum]')) {
    if (output instanceof HTMLOutputElement) output.value = written(sums[output.dataset.sum ?? ''] ?? 0);
  }
}

if (form instanceof HTMLFormElement) {
  form.addEventListener('input', () => sum(form));
  sum(form);
}
