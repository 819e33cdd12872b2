// Reads the OpenAPI document of this service, lists its operations, and sends requests to it.

const METHODS = ["get", "post", "put", "patch", "delete"];
const KEY = "Idempotency-Key";
const place = document.getElementById("operations");
let csrfToken = "";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function operationsOf(api) {
  const found = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS) {
      if (item[method]) found.push({ path, method, ...item[method] });
    }
  }
  return found;
}

// crypto.randomUUID is there on https and on this machine only; this works from the next desk, too.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fields(operation) {
  return (operation.parameters ?? []).map((parameter) => {
    const input = element("input", { autocomplete: "off" });
    const example = parameter.example ?? parameter.schema?.example;
    if (parameter.required) {
      input.required = true;
      input.value = example ?? "";
    } else if (example !== undefined) {
      input.placeholder = `例: ${example}`;
    }
    if (parameter.name === KEY) input.value = newKey();
    const words = `${parameter.required ? "必須。" : ""}${parameter.description ?? ""}`;
    const name = element("span", {}, `${parameter.name} (${parameter.in})`);
    const label = element("label", {}, name, input, element("small", {}, words));
    return { parameter, input, label };
  });
}

// What is changed is another request, and goes under another key; the same one again does not.
function renewKey(inputs, changed) {
  const key = inputs.find(({ parameter }) => parameter.name === KEY)?.input;
  if (key?.value && key !== changed) key.value = newKey();
}

function answers(operation) {
  const rows = Object.entries(operation.responses).map(([status, response]) =>
    element("tr", {}, element("td", {}, status), element("td", {}, response.description)));
  return element("table", {}, element("tr", {}, element("th", {}, "状態"), element("th", {}, "意味")), ...rows);
}

function addressOf(operation, inputs) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value === "") continue;
    else if (parameter.in === "query") query.set(parameter.name, input.value);
    else headers[parameter.name] = input.value;
  }
  return { address: query.size ? `${path}?${query}` : path, headers };
}

async function send(operation, inputs, body, contentType, shown) {
  const { address, headers } = addressOf(operation, inputs);
  const request = { method: operation.method.toUpperCase(), headers };
  if (csrfToken && request.method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  if (body) {
    request.body = body.value;
    headers["Content-Type"] = contentType;
  }
  shown.textContent = "…";
  try {
    const response = await fetch(address, request);
    const text = await response.text();
    let pretty = text;
    if ((response.headers.get("Content-Type") ?? "").includes("json")) {
      try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { pretty = text; }
    }
    shown.textContent = `${response.status}\n${pretty}`;
  } catch (error) {
    shown.textContent = `届きませんでした: ${error.message}`;
  }
}

function form(operation) {
  const inputs = fields(operation);
  const shown = element("pre", { "aria-live": "polite" });
  const parts = inputs.map(({ label }) => label);
  let body = null;
  let contentType = null;
  if (operation.requestBody) {
    let media;
    [contentType, media] = Object.entries(operation.requestBody.content)[0];
    body = element("textarea", { "aria-label": contentType });
    const example = media.example ?? "";
    body.value = typeof example === "string" ? example : JSON.stringify(example, null, 2);
    parts.push(element("label", {}, contentType, body));
  }
  const submit = (event) => {
    event.preventDefault();
    send(operation, inputs, body, contentType, shown);
  };
  const change = (event) => renewKey(inputs, event.target);
  return element("form", { onsubmit: submit, oninput: change }, ...parts, element("button", {}, "送る"), shown);
}

function card(operation) {
  const title = element("summary", {}, element("b", {}, operation.method.toUpperCase()),
    element("code", {}, operation.path), ` ${operation.summary ?? operation.operationId}`);
  const details = element("details", { id: operation.operationId }, title);
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    details.append(element("p", {}, operation.description ?? ""), form(operation), answers(operation));
  });
  return details;
}

function show(operations, words) {
  place.replaceChildren();
  const wanted = operations.filter((operation) =>
    `${operation.path} ${operation.operationId} ${operation.summary ?? ""}`.toLowerCase().includes(words.toLowerCase()));
  const tags = new Map();
  for (const operation of wanted) {
    const tag = operation.tags?.[0] ?? "";
    if (!tags.has(tag)) tags.set(tag, []);
    tags.get(tag).push(card(operation));
  }
  for (const [tag, cards] of tags) place.append(element("h2", {}, tag), ...cards);
}

// Who is signed in sends every request as themselves; a change shows that it comes from this page.
async function showSession() {
  const words = document.getElementById("session");
  const response = await fetch("/api/v1/session");
  const link = element("a", { href: "/sign-in" }, response.ok ? "サインアウト・切り替え" : "サインイン");
  if (response.ok) {
    const session = await response.json();
    csrfToken = session.csrf_token;
    words.replaceChildren(`${session.name} としてサインインしています。`, link);
  } else {
    words.replaceChildren("多くの操作にはサインインが必要です。", link);
  }
}

await showSession();
const api = await (await fetch("/api/openapi.json")).json();
const operations = operationsOf(api);
show(operations, "");
document.getElementById("search").addEventListener("input", (event) => show(operations, event.target.value));
