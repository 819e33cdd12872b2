// @ts-check
// Comfort of a batch: a file at hand is chosen instead of its SHA-256 being put in by hand. The file is
// read in this browser and sent nowhere; its SHA-256 goes the way that one put in by hand goes, so that
// there is one who compares. Where there is no crypto.subtle (it needs https or localhost), or no script,
// nothing of this is seen.

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {HTMLElement} place */
function compareFiles(place) {
  const input = place.querySelector('input[type="file"]');
  const form = place.closest('form');
  const field = form?.elements.namedItem('sha256');
  if (!(input instanceof HTMLInputElement) || !form || !(field instanceof HTMLInputElement)) return;
  let chosen = 0;
  input.addEventListener('change', async () => {
    const mine = ++chosen;
    input.setCustomValidity('');
    const file = input.files?.[0];
    if (!file) return;
    try {
      const read = await sha256(await file.arrayBuffer());
      // Another one may have been chosen while this one was read.
      if (mine !== chosen) return;
      field.value = read;
      form.requestSubmit();
    } catch {
      // Moved away, or no longer to be read, since it was chosen.
      input.setCustomValidity(place.dataset.unreadable ?? '');
      input.reportValidity();
    }
  });
  // A page shown again by the back button has forgotten what its file was compared with.
  addEventListener('pageshow', (event) => {
    if (event.persisted) input.value = '';
  });
  place.hidden = false;
}

if (globalThis.crypto?.subtle) {
  for (const place of document.querySelectorAll('[data-compare-files]')) {
    compareFiles(/** @type {HTMLElement} */ (place));
  }
}
