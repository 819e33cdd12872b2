// @ts-check
// The choice of what Enter does, which this browser keeps.

import { entersNext, setEntersNext } from './enter.js';

const box = document.getElementById('enter');
if (box instanceof HTMLInputElement) {
  box.checked = entersNext();
  box.addEventListener('change', () => setEntersNext(box.checked));
  for (const part of document.querySelectorAll('[data-enter-setting]')) {
    if (part instanceof HTMLElement) part.hidden = false;
  }
}
