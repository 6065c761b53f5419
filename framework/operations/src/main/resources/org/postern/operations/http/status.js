// The status page: asks for /status.json every two seconds, reckons rates from what has changed,
// and shows it. Names and errors come from clients and servers: they are only ever set as text.
"use strict";

const PERIOD = 2000;
const WINDOW = 6; // rates and quantiles are those of the last so many periods
const history = [];
const sorting = {
  tables: {column: "table", descending: false},
  servers: {column: "server", descending: false},
  backends: {column: "backend", descending: false},
  denials: {column: "last", descending: true},
};

const element = (id) => document.getElementById(id);

function make(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function count(number) {
  return Math.round(number).toLocaleString("en");
}

function rate(number) {
  if (number === null) return "–";
  return number === 0 ? "0" : number < 10 ? number.toFixed(1) : count(number);
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.001) return `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 1 : 0)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(1)} s`;
}

function bytes(number) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  while (number >= 1000 && i < units.length - 1) {
    number /= 1000;
    i++;
  }
  return `${i === 0 ? number : number.toFixed(1)} ${units[i]}`;
}

function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
  return `${Math.floor(seconds / 86400)} days`;
}

const keyOf = (table) => `${table.service} ${table.table}`;

// All kinds of requests of a table together.
function totals(table, ranges) {
  const all = {count: 0, failed: 0, ranges: new Array(ranges).fill(0)};
  for (const request of table.requests) {
    request.durations.counts.forEach((number, i) => {
      all.ranges[i] += number;
    });
    all.count += Object.values(request.outcomes).reduce((sum, number) => sum + number, 0);
    all.failed += (request.outcomes.retry || 0) + (request.outcomes.config || 0);
  }
  return all;
}

function quantile(part, ranges, bounds) {
  const all = ranges.reduce((sum, number) => sum + number, 0);
  if (all === 0) return null;
  let before = 0;
  for (let i = 0; i < bounds.length; i++) {
    if (ranges[i] > 0 && before + ranges[i] >= part * all) {
      const low = i === 0 ? 0 : bounds[i - 1];
      return low + (bounds[i] - low) * (part * all - before) / ranges[i];
    }
    before += ranges[i];
  }
  return bounds[bounds.length - 1];
}

// What happened to a table since the oldest report that is kept; since its start if nothing did.
function recent(table, report, old) {
  const bounds = report.duration_bounds;
  const now = totals(table, bounds.length + 1);
  const past = old && old.tables.find((other) => keyOf(other) === keyOf(table));
  const before = past ? totals(past, bounds.length + 1) : null;
  const seconds = old ? (Date.parse(report.taken) - Date.parse(old.taken)) / 1000 : 0;
  const counts = before && now.count >= before.count && seconds > 0;
  const changed = counts && now.count > before.count;
  const since = now.ranges.map((number, i) => changed ? number - before.ranges[i] : 0);
  const ranges = since.some((number) => number > 0) ? since : now.ranges;
  return {
    total: now.count,
    failed: now.failed,
    rate: counts ? (now.count - before.count) / seconds : null,
    p50: quantile(0.5, ranges, bounds),
    p99: quantile(0.99, ranges, bounds),
  };
}

function cell(text, className) {
  return {text, className};
}

function stateOf(table) {
  if (table.state === "open" && !table.trouble) return cell("ready", "state good");
  if (table.state === "open") return cell("failing", "state bad");
  if (table.state === "unavailable") return cell("unavailable", "state bad");
  return cell(table.state === "opening" ? "opening" : "not asked yet", "state dull");
}

function lastError(table) {
  if (table.trouble) return {text: table.trouble, className: "wide note bad", order: table.trouble};
  const last = table.last_error;
  if (!last) return {text: "", className: "wide empty", order: ""};
  const ago = span(Date.now() - Date.parse(last.at));
  return {text: `${last.reason} (${ago} ago)`, className: "wide note", order: last.at};
}

const COLUMNS = {
  tables: [
    ["table", "Table", (row) => cell(row.table, "name")],
    ["service", "Service", (row) => cell(row.service)],
    ["type", "Type", (row) => cell(row.type)],
    ["plugin", "Driver", (row) => cell(row.plugin || "none")],
    ["state", "State", (row) => stateOf(row)],
    ["rate", "Requests/s", (row) => ({...cell(rate(row.recent.rate), "number"), order: row.recent.rate ?? -1})],
    ["p50", "p50", (row) => ({...cell(duration(row.recent.p50), "number"), order: row.recent.p50 ?? -1})],
    ["p99", "p99", (row) => ({...cell(duration(row.recent.p99), "number"), order: row.recent.p99 ?? -1})],
    ["total", "Total", (row) => ({...cell(count(row.recent.total), "number"), order: row.recent.total})],
    ["failed", "Failed", (row) => ({...cell(count(row.recent.failed), "number"), order: row.recent.failed})],
    ["error", "Last error", lastError],
  ],
  servers: [
    ["server", "Server", (row) => cell(row.server, "name")],
    ["backend", "Backend", (row) => cell(row.backend, "wide")],
    ["state", "State", (row) => row.up ? cell("up", "state good") : cell("down", "state bad")],
    ["in_use", "In use", (row) => ({...cell(count(row.in_use), "number"), order: row.in_use})],
    ["idle", "Idle", (row) => ({...cell(count(row.idle), "number"), order: row.idle})],
    ["limit", "Limit", (row) => ({...cell(count(row.limit), "number"), order: row.limit})],
    ["waiting", "Waiting", (row) => ({...cell(count(row.waiting), "number"), order: row.waiting})],
    ["failures", "Failures", (row) => ({...cell(count(row.failures), "number"), order: row.failures})],
    ["trouble", "Reason", (row) => cell(row.trouble || "", row.trouble ? "wide note bad" : "wide empty")],
  ],
  backends: [
    ["backend", "Backend", (row) => cell(row.name, "name")],
    ["at_work", "At work", (row) => ({...cell(count(row.at_work), "number"), order: row.at_work})],
    ["limit", "Limit", (row) => ({...cell(count(row.limit), "number"), order: row.limit})],
    ["queued", "Queued", (row) => ({...cell(count(row.queued), "number"), order: row.queued})],
    ["done", "Done", (row) => ({...cell(count(row.done), "number"), order: row.done})],
    ["refused", "Refused", (row) => ({...cell(count(row.refused), "number"), order: row.refused})],
  ],
  denials: [
    ["table", "Table", (row) => cell(row.table, "name")],
    ["service", "Service", (row) => cell(row.service)],
    ["count", "Requests", (row) => ({...cell(count(row.count), "number"), order: row.count})],
    ["last", "Last", (row) => ({...cell(`${span(Date.now() - Date.parse(row.last))} ago`), order: row.last})],
    ["remedy", "To mend it", (row) => cell(row.remedy, "wide remedy")],
  ],
};

function head(id) {
  const row = make("tr");
  for (const [column, title] of COLUMNS[id]) {
    const th = make("th");
    th.scope = "col";
    th.dataset.column = column;
    const button = make("button", title);
    button.type = "button";
    button.addEventListener("click", () => {
      const sort = sorting[id];
      sort.descending = sort.column === column ? !sort.descending : false;
      sort.column = column;
      render(history[history.length - 1]);
    });
    th.append(button);
    row.append(th);
  }
  const thead = make("thead");
  thead.append(row);
  element(id).append(thead, make("tbody"));
}

function compare(one, other) {
  return typeof one === "number" && typeof other === "number"
    ? one - other
    : String(one).localeCompare(String(other), "en", {numeric: true});
}

function fill(id, rows) {
  const table = element(id);
  table.closest("section").hidden = rows.length === 0;
  const sort = sorting[id];
  for (const th of table.querySelectorAll("thead th")) {
    const sorted = th.dataset.column === sort.column;
    th.setAttribute("aria-sort", sorted ? (sort.descending ? "descending" : "ascending") : "none");
  }
  const columns = COLUMNS[id];
  const by = columns.findIndex(([column]) => column === sort.column);
  const shown = rows.map((row) => columns.map(([, , show]) => show(row)));
  const order = (cells) => cells[by].order ?? cells[by].text;
  shown.sort((a, b) => (sort.descending ? -1 : 1) * compare(order(a), order(b)));
  const body = make("tbody");
  for (const cells of shown) {
    const row = make("tr");
    cells.forEach(({text, className}, i) => {
      const td = make("td", text, className);
      td.dataset.label = columns[i][1];
      row.append(td);
    });
    body.append(row);
  }
  table.querySelectorAll("thead th").forEach((th, i) => {
    th.classList.toggle("number", shown.length > 0 && /number/.test(shown[0][i].className || ""));
  });
  table.tBodies[0].replaceWith(body);
}

function list(id, entries) {
  element(id).replaceChildren(...entries.map(([term, text, bad]) => {
    const entry = make("div");
    entry.append(make("dt", term), make("dd", text, bad ? "bad" : ""));
    return entry;
  }));
}

function render(report) {
  if (!report) return;
  const old = history.length > 1 ? history[0] : null;
  const tables = report.tables.map((table) => ({...table, recent: recent(table, report, old)}));
  const rates = tables.map((table) => table.recent.rate).filter((one) => one !== null);
  const approved = tables.filter((table) => table.approved && table.state !== "not_asked");
  const ready = approved.filter((table) => table.state === "open" && !table.trouble);
  const clients = report.clients;
  const queued = report.backends.reduce((sum, backend) => sum + backend.queued, 0);
  const denied = report.denials.reduce((sum, denial) => sum + denial.count, 0);
  const down = report.servers.filter((server) => !server.up).length;
  const seconds = old ? (Date.parse(report.taken) - Date.parse(old.taken)) / 1000 : 0;
  const perSecond = (name) => seconds > 0 ? `${bytes(Math.round((clients[name] - old.clients[name]) / seconds))}/s` : "–";
  element("about").textContent =
    `${report.version} · up ${span(Date.parse(report.taken) - Date.parse(report.started))} · process ${report.pid}`
      + ` · ${report.services.map((service) => service.name).join(", ")}`;
  list("summary", [
    ["Requests/s", old ? rate(rates.reduce((sum, one) => sum + one, 0)) : "–"],
    ["Tables ready", `${ready.length} of ${approved.length}`, ready.length < approved.length],
    ["Clients", count(clients.present)],
    ["Waiting in queues", count(queued), queued > 0],
    ["Servers down", count(down), down > 0],
    ["Requests denied", count(denied)],
    ["Reloads", `${report.reloads.ok} ok, ${report.reloads.failed} failed`, Boolean(report.reloads.mistake)],
  ]);
  fill("tables", tables);
  fill("servers", report.servers);
  fill("backends", report.backends);
  fill("denials", report.denials);
  list("clients", [
    ["Connected", `${count(clients.present)} of ${count(clients.limit)}`],
    ["Since the start", count(clients.total)],
    ["Turned away", count(clients.turned_away), clients.turned_away > 0],
    ["Received", `${bytes(clients.received_bytes)}, ${perSecond("received_bytes")}`],
    ["Sent", `${bytes(clients.sent_bytes)}, ${perSecond("sent_bytes")}`],
  ]);
}

let heard = null;

function say(state, text) {
  const line = element("connection");
  document.body.classList.toggle("gone", state === "gone");
  if (line.dataset.state !== state || line.textContent !== text) {
    line.dataset.state = state;
    line.textContent = text;
  }
}

async function ask() {
  try {
    const answer = await fetch("/status.json", {cache: "no-store", signal: AbortSignal.timeout(2 * PERIOD)});
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const report = await answer.json();
    if (history.length > 0 && history[0].started !== report.started) history.length = 0;
    history.push(report);
    if (history.length > WINDOW) history.shift();
    heard = Date.now();
    render(report);
    say("live", "live");
  } catch (e) {
    say("gone", heard === null ? "no answer" : `no answer for ${span(Date.now() - heard)}`);
  }
  setTimeout(ask, PERIOD);
}

Object.keys(COLUMNS).forEach(head);
ask();
