// The pages of an edition in a real browser: what axe and pa11y find, and what a listener does with
// a keyboard. TAP. One browser at a time.
// usage: node browser.cjs rules|all FOLDER [PICTURES]   FOLDER: a programme's; PICTURES: where screenshots go
'use strict';
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const puppeteer = require('puppeteer');
const pa11y = require('pa11y');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const CHROMIUM = process.env.PUPPETEER_EXECUTABLE_PATH || '/usr/bin/chromium';
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
const SCHEMES = ['light', 'dark'];
const WIDTHS = [320, 1280];

let n = 0, failed = 0;
const ok = (good, what, found) => {
  n++;
  failed += !good;
  console.log(`${good ? 'ok' : 'not ok'} ${n} - ${what}`);
  if (!good && found !== undefined) console.log(String(found).replace(/^/gm, '# '));
};
const near = (a, b, by) => Math.abs(a - b) <= by;

async function open(browser, url, { scheme = 'light', width = 1280, script = true, scale = 1 } = {}) {
  const page = await browser.newPage();
  page.said = [];
  page.on('console', (m) => { if (['error', 'warn'].includes(m.type())) page.said.push(m.text()); });
  page.on('pageerror', (e) => page.said.push(e.message));
  await page.setJavaScriptEnabled(script);
  await page.evaluateOnNewDocument(() => { // what the page tells the media keys is theirs to keep; here it can be read
    const of = globalThis.MediaSession.prototype, { setActionHandler, setPositionState } = of;
    globalThis.mediaKeys = {};
    of.setActionHandler = function (name, fn) { globalThis.mediaKeys[name] = fn; setActionHandler.call(this, name, fn); };
    of.setPositionState = function (state) { setPositionState.call(this, state); globalThis.mediaPlace = state; };
  });
  await page.setViewport({ width, height: 900, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

// ---- what others' rules find --------------------------------------------------------------------

async function rules(browser, name, url, schemes, pictures) {
  for (const scheme of schemes) for (const width of WIDTHS) {
    const where = `${name}, ${scheme}, ${width} px`;
    const page = await open(browser, url, { scheme, width });
    ok(page.said.length === 0, `${where}: the browser complains of nothing`, page.said.join('\n'));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= width, `${where}: no sideways scroll`, wide);
    if (pictures) await page.screenshot({ path: path.join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
    await page.setBypassCSP(true);
    await page.reload();
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document));
    ok(found.passes.length > 20 && found.violations.length === 0, `${where}: axe`,
      found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((e) => e.target)}`).join('\n'));
    const report = await pa11y(url, { browser, page, standard: 'WCAG2AA', runners: ['axe', 'htmlcs'], timeout: 60000 });
    ok(report.issues.length === 0, `${where}: pa11y`, report.issues.map((i) => `${i.code}: ${i.selector}`).join('\n'));
    await page.close();
  }
  for (const [what, options] of [['page zoom', { width: 640, scale: 2 }], ['letters', { width: 1280 }]]) {
    const page = await open(browser, url, options);
    if (what === 'letters') await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    ok(wide <= room, `${name}: no sideways scroll at 200 % (${what})`, `${wide} in ${room}`);
    await page.close();
  }
}

// ---- a listener ---------------------------------------------------------------------------------

const words = (page) => page.evaluate(() => (document.activeElement || document.body).textContent.trim());
const now = (page) => page.evaluate(() => document.querySelector('audio').currentTime);

async function tabTo(page, text, most) {
  for (let i = 1; i <= most; i++) {
    await page.keyboard.press('Tab');
    if ((await words(page)) === text) return i;
  }
  return 0;
}

// Seek, wait until the browser has, and give the mark: the index of its sentence, -1 without one.
const markAt = (page, t) => page.evaluate(async (at) => {
  const audio = document.querySelector('audio'), sentences = [...document.querySelectorAll('span[data-from]')];
  if (audio.currentTime !== at) {
    await new Promise((done) => { audio.addEventListener('seeked', done, { once: true }); audio.currentTime = at; });
  }
  const marks = [...document.querySelectorAll('[aria-current]')];
  return marks.length > 1 ? -2 : sentences.indexOf(marks[0]);
}, t);

// While it plays: in each of n frames the place and the mark, read together.
const frames = (page, count) => page.evaluate((most) => new Promise((done) => {
  const audio = document.querySelector('audio'), sentences = [...document.querySelectorAll('span[data-from]')], seen = [];
  const look = () => {
    seen.push([audio.currentTime, sentences.indexOf(document.querySelector('[aria-current]'))]);
    if (seen.length < most) requestAnimationFrame(look); else done(seen);
  };
  requestAnimationFrame(look);
}), count);

// The sentence that may be marked at t: the last that has begun; none may be, once it has ended.
const right = (sentences, t, mark) => {
  let i = -1;
  while (i + 1 < sentences.length && sentences[i + 1].from <= t + 0.0005) i++;
  return mark === i || (mark === -1 && i >= 0 && t > sentences[i].to);
};

async function marks(page, sentences) {
  const wrong = [];
  for (const s of sentences) for (const off of [-0.05, 0.05]) {
    const t = Math.max(0, s.from + off), mark = await markAt(page, t);
    if (!right(sentences, t, mark) || (off > 0 && sentences[mark] !== s)) wrong.push(`${t}: ${mark}`);
  }
  ok(sentences.length > 3 && wrong.length === 0,
    `50 ms before and after each of ${sentences.length} sentences' beginnings the right one is marked`, wrong.join('\n'));
}

async function play(page, sentences) {
  const at = await tabTo(page, 'Nghe', 3);
  ok(at > 0, 'Nghe is within the first three tab stops', at);
  const before = await page.evaluate(() => scrollY);
  await page.evaluate((t) => { document.querySelector('audio').currentTime = t; }, sentences[0].from);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => { const a = document.querySelector('audio'); return !a.paused && a.currentTime > 0; });
  const seen = await frames(page, 300);
  // The sound runs on between the page's look in a frame and ours, however busy the machine: the mark
  // is right for now, or for our own look one frame ago.
  const wrong = seen.filter(([t, mark], i) =>
    !right(sentences, t, mark) && !(i > 0 && right(sentences, seen[i - 1][0], mark)));
  ok(seen.at(-1)[0] > seen[0][0] && wrong.length === 0, 'while it plays the mark agrees with the place, frame by frame',
    wrong.slice(0, 9).join('\n'));
  ok(new Set(seen.map(([, mark]) => mark)).size > 1, 'and moves', seen.at(-1));
  ok((await words(page)) === 'Dừng' && (await page.evaluate(() => scrollY)) === before, 'without taking focus or scroll');
  const style = await page.evaluate(() => {
    const e = document.querySelector('[aria-current]');
    return e && getComputedStyle(e).textDecorationLine;
  });
  ok(style === 'underline', 'the mark is more than a colour', style);
  await page.keyboard.press('Enter');
  ok(await page.evaluate(() => document.querySelector('audio').paused), 'the same key stops it');
}

async function chapters(page, stories) {
  await page.evaluate(() => { document.querySelector('audio').currentTime = 0; });
  await tabTo(page, 'Tin sau', 4);
  const wrong = [];
  for (const s of stories.slice(1)) {
    await page.keyboard.press('Enter');
    const t = await now(page);
    if (!near(t, s, 0.01)) wrong.push(`${t}, not ${s}`);
  }
  ok(stories.length > 3 && wrong.length === 0, `Tin sau goes to each of ${stories.length} parts`, wrong.join('\n'));
  await page.keyboard.down('Shift');
  await tabTo(page, 'Tin trước', 6);
  await page.keyboard.up('Shift');
  await page.keyboard.press('Enter');
  ok(near(await now(page), stories.at(-2), 0.01), 'Tin trước to the one before', await now(page));
  await tabTo(page, 'Tới 10 giây', 6);
  await page.keyboard.press('Space');
  ok(near(await now(page), stories.at(-2) + 10, 0.01), 'Tới 10 giây ten seconds on', await now(page));
}

async function mediaKeys(page, stories) {
  const press = (name, details) => page.evaluate(async (key, more) => {
    const audio = document.querySelector('audio');
    globalThis.mediaKeys[key]({ action: key, ...more });
    if (!['play', 'pause'].includes(key)) await new Promise((done) => { audio.addEventListener('seeked', done, { once: true }); });
    const { title, artist, album } = navigator.mediaSession.metadata, all = [...document.querySelectorAll('section[data-from]')];
    return {
      t: audio.currentTime, paused: audio.paused, place: globalThis.mediaPlace, length: audio.duration, artist, album, title,
      heading: all.filter((e) => Number(e.dataset.from) <= audio.currentTime + 0.0005).at(-1).querySelector('h2').textContent,
      page: document.title,
    };
  }, name, details);
  const [at, second, third] = [stories[3].from + 12, stories[4].from, stories[5].from];
  for (const [name, details, want] of [
    ['seekto', { seekTime: at }, at], ['seekforward', {}, at + 10], ['seekbackward', {}, at],
    ['seekforward', { seekOffset: 5 }, at + 5], ['seekbackward', { seekOffset: 7 }, at - 2], ['nexttrack', {}, second],
    ['nexttrack', {}, third], ['previoustrack', {}, second], ['previoustrack', {}, stories[3].from]]) {
    const found = await press(name, details);
    ok(near(found.t, want, 0.01) && near(found.place?.position, want, 0.01) && found.place.duration === found.length &&
      found.place.playbackRate === 1 && found.title === found.heading && found.artist && found.album === found.page,
    `the media key ${name}${details.seekOffset ? ` by ${details.seekOffset} s` : ''}: place, length and story are told`,
    JSON.stringify({ want, ...found }));
  }
  ok(!(await press('play')).paused, 'the media key play');
  ok((await press('pause')).paused, 'the media key pause');
}

async function speed(page) {
  for (let i = 0; i < 4 && (await page.evaluate(() => document.activeElement.id)) !== 'toc-do'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  const rate = () => page.evaluate(() => document.querySelector('audio').playbackRate);
  ok((await rate()) === 1.25, 'the arrow keys change the speed', await rate());
  await page.evaluate(() => { document.querySelector('audio').playbackRate = 1.5; });
  await page.waitForFunction(() => document.getElementById('toc-do').value === '1.5', { timeout: 5000 }).catch(() => {});
  ok(await page.evaluate(() => document.getElementById('toc-do').value === '1.5' && globalThis.mediaPlace.playbackRate === 1.5),
    "a speed from the player's own menu is shown, and told to the media keys");
  const t = await now(page);
  await page.reload();
  await page.waitForFunction(() => document.querySelector('audio').readyState > 0);
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 0, { timeout: 5000 }).catch(() => {});
  ok(near(await now(page), t, 0.01) && (await rate()) === 1.5, 'place and speed are remembered', [await now(page), t, await rate()]);
  await page.setRequestInterception(true);
  page.on('request', (r) => (/\.(mp3|opus)$/.test(r.url()) ? r.abort() : r.continue()));
  await page.reload();
  await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('bantin:place:')));
  ok(kept.length === 1 && near(Number(kept[0][1]), t, 0.01), 'even when the sound never came and the page is left', kept.join('\n'));
}

// What a screen reader lists, what paper shows, and what is left where the system has its own colours.
async function senses(page) {
  const all = (e) => [e, ...(e.children || []).flatMap(all)];
  const named = all(await page.accessibility.snapshot()).filter((e) => ['button', 'link'].includes(e.role)).map((e) => e.name);
  const twice = named.filter((name, i) => !name || named.indexOf(name) !== i);
  ok(named.length > 20 && twice.length === 0, 'no two buttons or links have the same name', [named.length, ...twice].join('\n'));
  const player = await page.evaluate(() => document.querySelector('audio').getAttribute('aria-label'));
  ok(player === 'Trình phát', "the browser's player has a name", player);
  const cdp = await page.createCDPSession();
  await cdp.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  const bare = await page.evaluate(() => {
    const style = (e) => getComputedStyle(e), mark = style(document.querySelector('[aria-current]'));
    return [matchMedia('(forced-colors: active)').matches, mark.textDecorationLine,
      ...[...document.querySelectorAll('button, select')].map((e) => style(e).borderTopStyle)];
  });
  ok(bare[0] && bare[1] === 'underline' && bare.slice(2).every((s) => s !== 'none'),
    'with forced colours the mark and the edges of the keys are there', bare.join(' '));
  await cdp.send('Emulation.setEmulatedMedia', { media: 'print', features: [] });
  const paper = await page.evaluate(() => [...document.querySelectorAll('button, select, audio, nav, a, h2#tai, [aria-current]')]
    .filter((e) => e.offsetParent && (!e.matches('[aria-current]') || getComputedStyle(e).textDecorationLine !== 'none'))
    .map((e) => e.outerHTML));
  ok(paper.length === 0, 'on paper there is nothing to press, and no mark', paper.join('\n'));
  await cdp.send('Emulation.setEmulatedMedia', { media: '', features: [] });
  await cdp.detach();
}

async function layout(page) {
  const small = await page.evaluate(() => [...document.querySelectorAll('button, select, nav a, .files a')]
    .filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.textContent));
  ok(small.length === 0, 'what is pressed is of 44 px at least', small.join('\n'));
  const lost = await page.evaluate(() => [...document.querySelectorAll('nav a')]
    .filter((a) => !/^#s\d+$/.test(a.getAttribute('href')) || !/^H2$/.test((document.querySelector(a.hash) || {}).tagName))
    .map((a) => a.outerHTML));
  ok(lost.length === 0, 'the contents lead to headings', lost.join('\n'));
  ok(await page.evaluate(() => !document.querySelector('[aria-live], [role=status], [role=alert], [role=log]')), 'no region is live');
  ok(await page.evaluate(() => document.documentElement.lang === 'vi' && document.title === document.querySelector('h1').textContent),
    'it is Vietnamese, and its title its heading');
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  ok(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior === 'auto'), 'nothing glides where motion is unwanted');
}

async function plain(browser, url, text) {
  const page = await open(browser, url, { script: false });
  const found = await page.evaluate(() => ({
    player: document.querySelector('audio').controls && document.querySelector('audio').offsetHeight > 0,
    keys: [...document.querySelectorAll('button')].filter((e) => e.offsetParent).length,
    text: document.querySelector('article').innerText,
    files: document.querySelectorAll('.files a').length,
  }));
  ok(found.player && found.keys === 0 && found.text.includes(text) && found.files > 0,
    'without a script: the player, the text, the files, and no dead button', JSON.stringify({ ...found, text: found.text.length }));
  await page.close();
}

async function listen(browser, url) {
  const page = await open(browser, url);
  await page.waitForFunction(() => document.querySelector('audio').readyState > 0);
  const list = (what) => page.evaluate((of) => [...document.querySelectorAll(of)]
    .map((e) => ({ from: Number(e.dataset.from), to: Number(e.dataset.to), text: e.textContent })), what);
  const sentences = await list('span[data-from]'), stories = await list('section[data-from]');
  const length = await page.evaluate(() => document.querySelector('audio').duration);
  ok(near(length, stories.at(-1).to, 0.001), 'the sound is as long as the page says', `${length}, not ${stories.at(-1).to}`);
  await layout(page);
  await play(page, sentences);
  await chapters(page, stories.map((s) => s.from));
  await mediaKeys(page, stories);
  await marks(page, sentences);
  await senses(page);
  ok(page.said.length === 0, 'the browser complained of nothing', page.said.join('\n'));
  await speed(page);
  await page.close();
  await plain(browser, url, sentences[0].text);
}

(async () => {
  const [what, folder, pictures] = process.argv.slice(2);
  const edition = fs.readdirSync(folder).filter((name) => /^\d{4}-/.test(name)).sort().at(-1);
  const url = (...names) => String(pathToFileURL(path.resolve(folder, ...names)));
  const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: QUIET });
  try {
    for (const [name, file] of [['page', [edition, 'index.html']], ['sheet', [edition, 'to-duyet.html']], ['index', ['index.html']]])
      await rules(browser, name, url(...file), what === 'all' ? SCHEMES : SCHEMES.slice(0, 1), pictures);
    if (what === 'all') await listen(browser, url(edition, 'index.html'));
  } finally {
    await browser.close();
  }
  console.log(`1..${n}`);
  process.exit(failed ? 1 : 0);
})().catch((e) => { console.log(`Bail out! ${e.stack}`); process.exit(2); });
