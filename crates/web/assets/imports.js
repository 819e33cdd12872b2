// @ts-check
// Comfort of the files: one can be dropped where it would be chosen, and the page of a file that is
// being read tells how far it is. Without this a file is chosen by its button and the page reloads itself.

const LOOK_AGAIN_MS = 700;

/** @param {HTMLElement} zone */
function acceptDrops(zone) {
  const input = /** @type {HTMLInputElement | null} */ (zone.querySelector('input[type="file"]'));
  if (!input) return;
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('is-over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('is-over'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('is-over');
    const files = event.dataTransfer?.files;
    if (files && files.length > 0) input.files = files;
  });
}

/** @param {HTMLElement} place */
async function lookAgain(place) {
  try {
    const answer = await fetch(place.dataset.progress ?? '', { headers: { Accept: 'application/json' } });
    const progress = await answer.json();
    if (!answer.ok || !progress.is_running) {
      location.reload();
      return;
    }
    const lines = place.querySelector('[data-lines]');
    if (lines && typeof progress.lines_read === 'number') {
      lines.textContent = progress.lines_read.toLocaleString();
    }
  } catch {
    // The connection is away for a moment; the next look tells.
  }
  setTimeout(() => lookAgain(place), LOOK_AGAIN_MS);
}

for (const zone of document.querySelectorAll('[data-drop]')) {
  acceptDrops(/** @type {HTMLElement} */ (zone));
}
for (const place of document.querySelectorAll('[data-progress]')) {
  setTimeout(() => lookAgain(/** @type {HTMLElement} */ (place)), LOOK_AGAIN_MS);
}
