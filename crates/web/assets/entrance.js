// @ts-check
// The secret of an invitation stands behind # in its link, so that it is in no log. It goes into the
// form and out of the address at once.

const form = document.querySelector('form[data-invitation]');
const secret = location.hash.slice(1);
if (form instanceof HTMLFormElement && secret) {
  history.replaceState(null, '', location.pathname);
  const link = form.elements.namedItem('link');
  if (link instanceof HTMLInputElement) {
    link.value = secret;
    const field = link.closest('.field');
    if (field instanceof HTMLElement) field.hidden = true;
    const password = form.elements.namedItem('password');
    if (password instanceof HTMLElement) password.focus();
  }
}

for (const button of document.querySelectorAll('button[data-print]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
