// @ts-check
// Sends what was keyed, one after the other, in the order of the paper, until the server has
// acknowledged each; what could not be sent waits and is sent again under the same key.

import { drop, keep, kept, namesUnder } from './sheets_unsaved.js';

/** @typedef {import('./sheets_unsaved.js').Entry} Entry */
/** @typedef {'saved'|'sending'|'offline'|'signed-out'|'other-person'|'refused'} State */

const WAIT_MS_MAX = 15_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

export class Queue {
  /**
   * @param {object} of
   * @param {string} of.place    where entries are kept
   * @param {string} of.address  `/sheets/12/first`
   * @param {string} of.person   whose lines they are
   * @param {string} of.csrf
   * @param {(state: State) => void} of.onState
   * @param {(entry: Entry, answer: any) => void} of.onSaved
   * @param {(answer: any) => void} of.onLines
   */
  constructor(of) {
    this.of = of;
    this.csrf = of.csrf;
    /** @type {State} */
    this.state = 'saved';
    this.isSending = false;
    this.failed = 0;
    this.count = 0;
    this.timer = 0;
    this.isKept = true;
    window.addEventListener('online', () => this.drain());
    window.addEventListener('storage', () => this.of.onState(this.state));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.drain();
    });
  }

  /** @returns {Array<{name: string, entry: Entry}>} */
  waiting() {
    const found = [];
    for (const name of namesUnder(this.of.place)) {
      if (name.endsWith('/draft')) continue;
      const text = kept(name);
      if (text) found.push({ name, entry: JSON.parse(text) });
    }
    return found;
  }

  /** @param {Omit<Entry, 'id'>} entry */
  add(entry) {
    this.count += 1;
    const order = `${String(Date.now()).padStart(15, '0')}-${String(this.count).padStart(6, '0')}`;
    const id = crypto.randomUUID ? crypto.randomUUID() : `${order}-${Math.random().toString(36).slice(2)}`;
    const whole = { id, ...entry };
    this.isKept = keep(`${this.of.place}${order}-${id}`, JSON.stringify(whole)) && this.isKept;
    this.drain();
    return whole;
  }

  /** @param {string} name */
  forget(name) {
    drop(name);
    this.to(this.waiting().length ? 'sending' : 'saved');
    this.drain();
  }

  /** @param {State} state */
  to(state) {
    this.state = state;
    this.of.onState(state);
  }

  async drain() {
    if (this.isSending) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      for (;;) {
        const [first] = this.waiting();
        if (!first) {
          this.failed = 0;
          this.to('saved');
          return;
        }
        if (first.entry.problem) {
          this.to('refused');
          return;
        }
        this.to(this.failed ? this.state : 'sending');
        if (!(await this.send(first.name, first.entry))) return;
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Sends one. Gives whether to go on. @param {string} name @param {Entry} entry */
  async send(name, entry) {
    const answer = await this.ask(`${this.of.address}/${entry.to}`, entry.body, entry.id);
    if (answer.ok) {
      this.failed = 0;
      drop(name);
      this.of.onSaved(entry, answer.body);
      return true;
    }
    if (answer.status === 401) return this.later('signed-out');
    if (answer.status === 403 && answer.body?.code === 'csrf_token_needed') {
      return (await this.renew()) ? true : this.later(this.state === 'other-person' ? 'other-person' : 'signed-out');
    }
    if (answer.status === 0 || answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      return this.later('offline');
    }
    entry.problem = problemOf(answer.body);
    keep(name, JSON.stringify(entry));
    this.to('refused');
    // It may be that another has changed the line: what is there now is shown beside it.
    await this.renew();
    return false;
  }

  /** @param {State} state */
  later(state) {
    this.to(state);
    const wait = RETRY_MS[Math.min(this.failed, RETRY_MS.length - 1)];
    this.failed += 1;
    this.timer = window.setTimeout(async () => {
      if (state !== 'offline') await this.renew();
      this.drain();
    }, wait);
    return false;
  }

  /** Takes what a new session of the same person has to show. */
  async renew() {
    const answer = await this.ask(`${this.of.address}/lines.json`);
    if (!answer.ok) return false;
    if (answer.body.person !== this.of.person) {
      this.to('other-person');
      return false;
    }
    this.csrf = answer.body.csrf;
    this.of.onLines(answer.body);
    return true;
  }

  /**
   * @param {string} address @param {any} [body] @param {string} [key] @param {AbortSignal} [signal]
   * @returns {Promise<{ok: boolean, status: number, body: any}>}
   */
  async ask(address, body, key, signal) {
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      headers['X-CSRF-Token'] = this.csrf;
    }
    if (key) headers['Idempotency-Key'] = key;
    try {
      const answer = await fetch(address, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: 'error',
        cache: 'no-store',
        signal: signal ?? AbortSignal.timeout(WAIT_MS_MAX),
      });
      const told = await answer.json().catch(() => null);
      return { ok: answer.ok && told !== null, status: answer.ok && told === null ? 0 : answer.status, body: told };
    } catch {
      return { ok: false, status: 0, body: null };
    }
  }
}

/** @param {any} problem */
export function problemOf(problem) {
  const places = Array.isArray(problem?.problems) ? problem.problems : [];
  const details = places.map((/** @type {any} */ one) => one.detail).filter(Boolean);
  return details.length ? details.join('／') : (problem?.detail ?? problem?.title ?? '');
}
