const $ = (name) => document.getElementById(name);
const tell = (do_, value = null) => {
  if (socket && socket.readyState === 1) socket.send(JSON.stringify({ do: do_, value }));
};
const PAST = 240; // points of a plot
let socket, shown = null, ready = true, held = new Set(), history_ = {}, rewards = [], bars = null;

// The link: binary updates come in, each is answered once it is drawn, and the next is sent then.

function connect() {
  const url = new URL("socket", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  url.search = location.search;
  socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => link("live", "good");
  socket.onclose = () => { link("not connected", "warn"); setTimeout(connect, 1500); };
  socket.onmessage = async ({ data }) => {
    if (typeof data === "string") return answer(JSON.parse(data));
    const view = new DataView(data), length = view.getUint32(1, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 5, length)));
    const body = new Uint8Array(data, 5 + length);
    if (view.getUint8(0) === 2) return save(header.name, body);
    try { await show(header, body); } finally { socket.send('{"do":"ready"}'); }
  };
}
function link(text, kind) { $("link").textContent = text; $("link").className = `chip ${kind}`; }
function say(text, bad = false) { $("message").textContent = text; $("message").className = bad ? "bad" : ""; }
function answer(told) {
  if (told.error) return say(told.error, true);
  const words = { snapshot: "Kept: click its mark on the line to come back.", reset: "", back: "Here it was; Resume goes on from here.",
    branch: "This is a copy now; the script goes on by itself.", return: "This is the script again." };
  if (told.done in words) say(words[told.done]);
}
function save(name, body) {
  const link_ = document.createElement("a");
  link_.href = URL.createObjectURL(new Blob([body]));
  link_.download = name;
  link_.click();
  setTimeout(() => URL.revokeObjectURL(link_.href), 10000);
  say(`Downloaded ${name}`);
}

// What is shown.

async function show(told, body) {
  const jumped = !shown || shown.focus.lane !== told.focus.lane || shown.mode !== told.mode ||
    told.focus.length < shown.focus.length;
  const moved = !shown || told.total !== shown.total || jumped;
  if (!shown || shown.focus.lane !== told.focus.lane || shown.mode !== told.mode) { history_ = {}; rewards = []; bars = null; }
  shown = told;
  document.title = `${told.id} · dromos`;
  $("id").textContent = told.id;
  $("mode").hidden = false;
  $("mode").textContent = { script: "stepped by the script", viewer: "stepped here", branch: "a copy" }[told.mode];
  $("mode").className = told.mode === "branch" ? "chip warn" : "chip";
  $("count").textContent = told.lanes > 1 ? `${told.lanes.toLocaleString()} lanes` : "";
  $("rate").textContent = told.paused ? "paused" : `${figure(told.rate < 100 ? Math.round(told.rate * 10) / 10 : Math.round(told.rate))} steps/s`;
  controls(told);
  tiles(told);
  if (moved) keep(told);
  values("observation", told.observation);
  values("info", told.info);
  $("observation-note").textContent = told.lanes > 1 ? `lane ${told.focus.lane}` : "";
  timeline(told);
  plots(told);
  await pictures(told, body);
  if (told.problem) say(told.problem, true);
}
function controls(told) {
  const script = told.mode === "script";
  $("pause").textContent = told.paused ? "Resume" : "Pause";
  $("branch").hidden = !script;
  $("return").hidden = told.mode !== "branch";
  $("keyboard").hidden = !told.keys;
  $("keyboard").classList.toggle("on", told.keyboard);
  $("keyboard").textContent = told.keyboard ? "Keys play" : "Play with keys";
  $("reset").disabled = $("seed").disabled = script;
  $("lanes-label").hidden = told.lanes === 1;
  if (document.activeElement !== $("lanes")) $("lanes").value = ranges(told.shown);
  if (document.activeElement !== $("speed")) $("speed").value = told.speed === null ? 100 : Math.log10(told.speed / 0.5) * 25;
  $("speed-is").textContent = told.speed === null ? "no limit" : `${figure(told.speed)} /s`;
}
function tiles(told) {
  $("return-is").textContent = (told.focus.partial ? "≥ " : "") + figure(told.focus.return);
  $("return-is").title = told.focus.partial ? "Since somebody looked: the episode had begun" : "";
  $("reward-is").textContent = figure(told.focus.reward);
  $("length-is").textContent = figure(told.focus.length);
  $("ends-are").textContent = told.ends.length ? told.ends[told.ends.length - 1][0] + 1 : 0;
}
async function pictures(told, body) {
  const cells = $("cells"), layout = told.picture;
  $("blind").hidden = !told.why_no_frames;
  $("blind").textContent = told.why_no_frames || "";
  cells.classList.toggle("alone", told.lanes === 1);
  const bitmap = layout && body.length ? await createImageBitmap(new Blob([body], { type: layout.type })) : null;
  while (cells.children.length > told.shown.length) cells.lastChild.remove();
  while (cells.children.length < told.shown.length) cells.append(cell());
  if (bitmap) arrange(cells, told, layout);
  else if (told.why_no_frames) cells.style.gridTemplateColumns = `repeat(${Math.min(4, told.shown.length)}, minmax(0, 1fr))`;
  told.rows.forEach((row, i) => {
    const one = cells.children[i], canvas = one.firstChild, parts = one.lastChild.children;
    one.lane = row.lane;
    one.classList.toggle("focus", row.lane === told.focus.lane);
    parts[0].textContent = told.lanes > 1 ? `lane ${row.lane}` : "";
    parts[1].textContent = (told.lanes > 1 ? "" : "return ") + figure(row.return);
    parts[2].textContent = `step ${row.length}`;
    parts[3].textContent = row.ended || "";
    parts[3].className = `over ${row.ended || ""}`;
    canvas.hidden = !bitmap && !!told.why_no_frames;
    if (!bitmap) return;
    if (canvas.width !== layout.width || canvas.height !== layout.height) { canvas.width = layout.width; canvas.height = layout.height; }
    const x = (i % layout.columns) * layout.width, y = Math.floor(i / layout.columns) * layout.height;
    canvas.getContext("2d").drawImage(bitmap, x, y, layout.width, layout.height, 0, 0, layout.width, layout.height);
    one.classList.toggle("pixels", layout.natural_width < 400);
  });
  if (bitmap) bitmap.close();
}
function cell() {
  const one = document.createElement("figure");
  one.append(document.createElement("canvas"), document.createElement("figcaption"));
  for (const kind of ["span", "b", "span", "span"]) one.lastChild.append(document.createElement(kind));
  one.onclick = () => shown.lanes > 1 && tell("focus", one.lane);
  return one;
}
function arrange(cells, told, layout) {
  const room = cells.parentElement.clientWidth, height = Math.max(260, innerHeight - 290), n = told.shown.length;
  let best = 0, columns = 1;
  for (let k = 1; k <= n; k++) {
    const wide = (room - 10 * (k - 1)) / k, high = (height / Math.ceil(n / k) - 40) * layout.natural_width / layout.natural_height;
    const size = Math.min(wide, high, 4 * layout.natural_width);
    if (size > best) { best = size; columns = k; }
  }
  cells.style.gridTemplateColumns = `repeat(${columns}, ${Math.max(60, Math.floor(best))}px)`;
}
function keep(told) {
  if (told.focus.length) rewards.push(told.focus.reward);
  if (rewards.length > PAST) rewards.shift();
  for (const part of told.observation) (part.values || []).slice(0, 24).forEach((value, i) => {
    const past = history_[`${part.name} ${i}`] ||= [];
    past.push(value);
    if (past.length > PAST) past.shift();
  });
  if (told.actions) bars = added(bars, told.actions);
}
function added(past, now) {
  const mix = (a, b) => b.map((count, i) => (a ? a[i] * 0.995 : 0) + count);
  if (now.counts) return { start: now.start, counts: mix(past && past.counts, now.counts) };
  return { parts: now.parts.map((part, i) => ({ ...part, counts: mix(past && past.parts && past.parts[i].counts, part.counts) })) };
}
function values(name, parts) {
  const rows = [];
  for (const part of parts) {
    if (part.values) part.values.forEach((value, i) => rows.push([part.values.length > 1 ? `${part.name} ${i}` : part.name, figure(value), `${part.name} ${i}`]));
    else if (part.extent) rows.push([part.name, `${part.about}: ${part.extent.map(figure).join(" … ")}`, null]);
    else rows.push([part.name, part.text, null]);
  }
  const box = $(name), key = rows.map((row) => row[0] + !row[2]).join("|");
  if (box.key !== key) {
    box.key = key;
    box.replaceChildren(...rows.flatMap(([, , past]) => {
      const made = ["span", "span"].map((kind) => document.createElement(kind));
      made[0].className = "n";
      made[1].className = past ? "v" : "wide";
      return past ? [...made, document.createElement("canvas")] : made;
    }));
    if (!rows.length) box.textContent = name === "info" ? "empty" : "–";
  }
  let at = 0;
  for (const [label, text, past] of rows) {
    box.children[at].textContent = box.children[at].title = label;
    box.children[at + 1].textContent = box.children[at + 1].title = text;
    if (past && history_[past] && name === "observation") line(box.children[at + 2], history_[past], { thin: true });
    at += past ? 3 : 2;
  }
}
function timeline(told) {
  const last = told.moments.length ? told.moments[told.moments.length - 1][1] : 0;
  const end = Math.max(1, told.focus.length, last);
  $("here").style.width = `${(100 * told.focus.length) / end}%`;
  $("timeline").classList.toggle("off", !told.moments.length);
  $("timeline").title = told.why_no_moments || "Snapshots of this episode: click one to go back";
  $("ticks").replaceChildren(...told.moments.map(([number, step, hand]) => {
    const tick = document.createElement("i");
    tick.style.left = `${Math.min(99.2, Math.max(0.4, (100 * step) / end))}%`;
    tick.className = hand ? "hand" : "";
    tick.dataset.number = number;
    return tick;
  }));
}

// Plots.

function pen(canvas) {
  const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
function line(canvas, points, { thin = false, dots = null } = {}) {
  const { context, width, height } = pen(canvas), numbers = points.map(Number).filter(Number.isFinite);
  if (!numbers.length || !width) return;
  let low = Math.min(...numbers), high = Math.max(...numbers);
  const flat = high - low < 1e-9, left = thin ? 0 : 40;
  if (flat) { low -= 1; high += 1; }
  const x = (i) => left + 3 + ((width - left - 6) * i) / Math.max(1, points.length - 1);
  const y = (value) => 3 + (height - 6) * (1 - (value - low) / (high - low));
  if (!thin) {
    context.font = "10px system-ui, sans-serif";
    context.textAlign = "right";
    context.fillStyle = colour("--quiet");
    context.strokeStyle = colour("--line");
    for (const value of flat ? [numbers[0]] : [low, (low + high) / 2, high]) {
      context.fillText(figure(value), left - 4, Math.min(height - 3, Math.max(10, y(value) + 3)));
      context.beginPath();
      context.moveTo(left, y(value));
      context.lineTo(width, y(value));
      context.stroke();
    }
  }
  context.strokeStyle = colour("--accent");
  context.lineWidth = thin ? 1.2 : 1.6;
  context.lineJoin = "round";
  context.beginPath();
  points.forEach((value, i) => Number.isFinite(Number(value)) && context.lineTo(x(i), y(Number(value))));
  context.stroke();
  if (dots) points.forEach((value, i) => {
    context.fillStyle = colour(dots[i] === "truncated" ? "--warm" : "--accent");
    context.beginPath();
    context.arc(x(i), y(value), 2.2, 0, 7);
    context.fill();
  });
}
function plots(told) {
  line($("rewards"), rewards);
  const ends = told.ends.slice(-80);
  line($("returns"), ends.map((end) => end[2]), { dots: ends.map((end) => end[4]) });
  const sum = ends.reduce((total, end) => total + Number(end[2]), 0);
  $("ends-note").textContent = ends.length ? `mean ${figure(sum / ends.length)}` : "none seen to its end";
  $("action-is").textContent = told.action.map((part) => (part.values ? part.values.map(figure).join(", ") : part.text || part.about)).join(" · ");
  if (bars) histogram($("actions"), bars, told);
  else pen($("actions"));
}
function histogram(canvas, told) {
  const { context, width, height } = pen(canvas);
  const groups = told.counts ? [told] : told.parts, room = width / groups.length;
  context.font = "10px system-ui, sans-serif";
  context.textAlign = "center";
  groups.forEach((group, g) => {
    const most = Math.max(...group.counts, 1e-9), n = group.counts.length, gap = n > 12 ? 1 : 6;
    const wide = (room - 10) / n, base = height - 14, sum = group.counts.reduce((a, b) => a + b, 0) || 1;
    group.counts.forEach((count, i) => {
      const high = Math.max(1.5, (base - 14) * (count / most)), x = g * room + 5 + i * wide;
      context.fillStyle = colour("--accent");
      context.globalAlpha = count ? 0.85 : 0.25;
      context.beginPath();
      context.roundRect(x + gap / 2, base - high, Math.max(1, wide - gap), high, Math.min(3, wide / 3));
      context.fill();
      context.globalAlpha = 1;
      if (told.counts && n <= 20) {
        context.fillStyle = colour("--quiet");
        context.fillText(String(told.start + i), x + wide / 2, height - 3);
        if (n <= 8 && count) context.fillText(`${Math.round((100 * count) / sum)}%`, x + wide / 2, base - high - 3);
      }
    });
    if (told.parts) { context.fillStyle = colour("--quiet"); context.fillText(`${figure(group.low)} … ${figure(group.high)}`, g * room + room / 2, height - 3); }
  });
}

// Words.

function figure(value) {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return Math.abs(value) < 1e6 ? String(value) : value.toExponential(2);
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3);
}
function ranges(lanes) {
  const parts = [];
  for (let i = 0, j; i < lanes.length; i = j) {
    for (j = i + 1; lanes[j] === lanes[j - 1] + 1; j++);
    parts.push(j - i > 2 ? `${lanes[i]}-${lanes[j - 1]}` : lanes.slice(i, j).join(", "));
  }
  return parts.join(", ");
}
function lanesOf(text) {
  const lanes = [];
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [first, last] = part.split("-").map(Number);
    for (let lane = first; lane <= (last ?? first) && lanes.length < 100; lane++) lanes.push(lane);
    if (!Number.isInteger(first)) lanes.push(part);
  }
  return lanes;
}

// What is pressed.

const resumes = () => tell(shown && shown.paused ? "resume" : "pause");
$("pause").onclick = resumes;
$("step").onclick = () => tell("step", 1);
$("speed").oninput = () => {
  const at = Number($("speed").value), speed = Number((0.5 * 10 ** (at / 25)).toPrecision(3));
  tell("speed", at >= 100 ? null : speed);
};
$("reset").onclick = () => {
  const text = $("seed").value.trim();
  tell("reset", text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text));
};
$("seed").onkeydown = (event) => event.key === "Enter" && $("reset").click();
$("lanes").onchange = () => tell("lanes", lanesOf($("lanes").value));
$("snapshot").onclick = () => tell("snapshot");
$("branch").onclick = () => tell("branch");
$("return").onclick = () => tell("return");
$("video").onclick = () => { say("The episode is played again for the film …"); tell("download", `${$("which").value}video`); };
$("episode").onclick = () => tell("download", `${$("which").value}episode`);
$("keyboard").onclick = () => { tell("keyboard", !shown.keyboard); $("keyboard").blur(); };
$("timeline").onclick = (event) => {
  const box = $("timeline").getBoundingClientRect(), at = event.clientX - box.left;
  const ticks = [...$("ticks").children].map((tick) => [Math.abs(tick.offsetLeft - at), Number(tick.dataset.number)]);
  if (ticks.length) tell("back", ticks.sort((a, b) => a[0] - b[0])[0][1]);
};
const CODES = { ArrowRight: 79, ArrowLeft: 80, ArrowDown: 81, ArrowUp: 82 };
const codeOf = (key) => (key in CODES ? 2 ** 30 + CODES[key] : key.length === 1 ? key.toLowerCase().codePointAt(0) : null);
const typing = (event) => event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey;
addEventListener("keydown", (event) => {
  if (typing(event) || !shown) return;
  const code = codeOf(event.key);
  if (shown.keyboard && code !== null && shown.keys.flat().includes(code)) {
    event.preventDefault();
    if (event.repeat) return;
    held.add(code);
    return tell("keys", [[...held], [code]]);
  }
  if (event.target.closest("button")) return;
  if (event.key === " ") { event.preventDefault(); resumes(); }
  if (event.key === "s") tell("step", 1);
});
addEventListener("keyup", (event) => {
  if (held.delete(codeOf(event.key))) tell("keys", [[...held], []]);
});
addEventListener("blur", () => { if (held.size) { held.clear(); tell("keys", [[], []]); } });
function dress(theme) { document.documentElement.dataset.theme = theme; if (shown) plots(shown); }
const dark = matchMedia("(prefers-color-scheme: dark)");
dress(dark.matches ? "dark" : "light");
dark.onchange = () => dress(dark.matches ? "dark" : "light");
$("theme").onclick = () => dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
connect();
