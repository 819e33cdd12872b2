// Signing in, the second factor, and taking an invitation: each form is one request to this service.

const STEPS = ["sign-in", "second-factor", "enrolment", "recovery-codes", "invitation", "signed-in"];
const byId = (id) => document.getElementById(id);
let csrfToken = "";
let link = "";

function show(step) {
  for (const id of STEPS) byId(id).hidden = id !== step;
  byId(step).querySelector("input, button, a")?.focus();
}

/** Sends a request; gives the answer, or tells why not and gives nothing. */
async function ask(method, path, body) {
  byId("refused").textContent = "";
  const headers = {};
  if (csrfToken) headers["X-CSRF-Token"] = csrfToken;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(`/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) return answer;
    byId("refused").textContent = answer.detail;
  } catch (error) {
    byId("refused").textContent = `届きませんでした: ${error.message}`;
  }
  return null;
}

/** Goes where the session stands. */
async function go(session) {
  csrfToken = session.csrf_token;
  if (session.stage === "second_factor") show("second-factor");
  else if (session.stage === "enrolment") await offerKey();
  else {
    byId("who").textContent = `${session.display_name ?? session.name} さん（${session.name}）`;
    show("signed-in");
  }
}

async function offerKey() {
  const offered = await ask("POST", "account/totp", {});
  if (!offered) return;
  byId("totp-key").textContent = offered.key.replace(/(.{4})/g, "$1 ").trim();
  byId("totp-uri").href = offered.uri;
  show("enrolment");
}

function onSubmit(id, act) {
  byId(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button");
    button.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(event.target)));
    } finally {
      button.disabled = false;
    }
  });
}

onSubmit("sign-in", async ({ name, password }) => {
  const session = await ask("POST", "session", { name: name.trim(), password });
  if (!session) return;
  byId("told").textContent = "";
  byId("sign-in").reset();
  await go(session);
});

onSubmit("second-factor", async ({ code }) => {
  const session = await ask("POST", "session/second-factor", { code });
  byId("second-factor").reset();
  if (session) await go(session);
});

onSubmit("enrolment", async ({ code }) => {
  const confirmed = await ask("POST", "account/totp/confirm", { code });
  byId("enrolment").reset();
  if (!confirmed) return;
  csrfToken = confirmed.csrf_token;
  const codes = confirmed.recovery_codes.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  });
  byId("codes").replaceChildren(...codes);
  show("recovery-codes");
});

onSubmit("invitation", async ({ password, again }) => {
  if (password !== again) {
    byId("refused").textContent = "2つのパスワードが違います。もう一度入れてください";
    return;
  }
  const accepted = await ask("POST", "one-time-links/accept", { secret: link, password });
  if (!accepted) return;
  link = "";
  byId("invitation").reset();
  byId("told").textContent = `パスワードを決めました。利用者名 ${accepted.name} でサインインしてください。`;
  byId("sign-in").elements.name.value = accepted.name;
  show("sign-in");
});

byId("print").addEventListener("click", () => print());
byId("kept").addEventListener("click", async () => {
  byId("codes").replaceChildren();
  const session = await ask("GET", "session");
  if (session) await go(session);
});
byId("sign-out").addEventListener("click", async () => {
  if (await ask("DELETE", "session")) {
    csrfToken = "";
    byId("told").textContent = "サインアウトしました。";
    show("sign-in");
  }
});

// The link's secret stands behind #, so that it is in no log; it goes from the address at once.
link = location.hash.slice(1);
if (link) {
  history.replaceState(null, "", location.pathname);
  show("invitation");
} else {
  const response = await fetch("/api/v1/session");
  if (response.ok) await go(await response.json());
  else show("sign-in");
}
