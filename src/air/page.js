'use strict';
// What the page does beside the browser's own player: keys in words, the sentence that is being
// read, place and speed remembered. Nothing here moves the focus or scrolls.
(() => {
  const audio = document.querySelector('audio');
  if (!audio) return;
  const find = (id) => document.getElementById(id);
  const stretch = (e) => ({ e, from: Number(e.dataset.from), to: Number(e.dataset.to) });
  const stories = Array.from(document.querySelectorAll('section[data-from]'), stretch);
  const sentences = Array.from(document.querySelectorAll('span[data-from]'), stretch);
  const place = 'bantin:place:' + location.pathname, speed = 'bantin:speed';
  const linger = 1; // a mark stays this long in a pause, in seconds

  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private */ } };
  const kept = (name) => { try { return Number(localStorage.getItem(name)); } catch { return 0; } };

  // The last of a list that has begun at t; -1: none.
  const begun = (list, t) => {
    let low = 0, high = list.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (list[mid].from <= t) low = mid + 1; else high = mid;
    }
    return low - 1;
  };

  let marked = null;
  const mark = () => {
    const t = audio.currentTime, s = sentences[begun(sentences, t + 0.0005)];
    const now = s && t < s.to + linger ? s.e : null;
    if (now === marked) return;
    if (marked) marked.removeAttribute('aria-current');
    if (now) now.setAttribute('aria-current', 'true');
    marked = now;
  };
  const follow = () => {
    mark();
    if (!audio.paused && !audio.ended) requestAnimationFrame(follow);
  };

  const seek = (t) => { audio.currentTime = Math.max(0, Math.min(t, audio.duration || t)); mark(); };
  const skip = (by) => seek(audio.currentTime + by);
  const next = () => {
    const s = stories[begun(stories, audio.currentTime + 0.05) + 1];
    if (s) seek(s.from);
  };
  // Within three seconds of its beginning: the one before; later: the same again.
  const previous = () => {
    const i = begun(stories, audio.currentTime + 0.05);
    const s = stories[i > 0 && audio.currentTime - stories[i].from < 3 ? i - 1 : i];
    seek(s ? s.from : 0);
  };
  const play = () => { audio.play().catch(() => {}); };
  const pause = () => audio.pause();
  let ready = false; // before the sound is known, it is at no place worth remembering
  const remember = () => { if (ready) keep(place, audio.ended ? '0' : String(audio.currentTime)); };

  find('lui').onclick = () => skip(-10);
  find('toi').onclick = () => skip(10);
  find('truoc').onclick = previous;
  find('sau').onclick = next;
  find('nghe').onclick = () => (audio.paused ? play() : pause());
  find('toc-do').onchange = (e) => { audio.defaultPlaybackRate = audio.playbackRate = Number(e.target.value); };
  for (const s of stories) {
    const b = s.e.querySelector('button');
    if (!b) continue;
    b.hidden = false;
    b.onclick = () => { seek(s.from); play(); };
  }
  find('phim').hidden = false;

  const state = () => {
    find('nghe').textContent = audio.paused ? 'Nghe' : 'Dừng';
    follow();
  };
  audio.addEventListener('play', state);
  audio.addEventListener('pause', () => { state(); remember(); });
  audio.addEventListener('ended', () => { state(); remember(); });
  audio.addEventListener('seeking', mark);
  audio.addEventListener('seeked', mark);
  audio.addEventListener('timeupdate', mark);
  audio.addEventListener('ratechange', () => { // by the keys or by the browser's own menu
    find('toc-do').value = String(audio.playbackRate);
    keep(speed, String(audio.playbackRate));
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden) remember(); });
  addEventListener('pagehide', remember);

  const begin = () => {
    const t = kept(place), rate = kept(speed);
    ready = true;
    if (!audio.currentTime && t > 5 && t < audio.duration - 5) seek(t);
    if (Array.from(find('toc-do').options).some((o) => Number(o.value) === rate))
      audio.defaultPlaybackRate = audio.playbackRate = rate;
  };
  if (audio.readyState > 0) begin(); else audio.addEventListener('loadedmetadata', begin, { once: true });

  if ('mediaSession' in navigator) {
    const session = navigator.mediaSession;
    const on = (name, fn) => { try { session.setActionHandler(name, fn); } catch { /* not here */ } };
    let told = null;
    const tell = () => {
      const s = stories[begun(stories, audio.currentTime + 0.0005)];
      if (s === told) return;
      told = s;
      session.metadata = new MediaMetadata({
        title: s ? s.e.querySelector('h2').textContent : document.title, artist: audio.dataset.artist, album: document.title,
      });
    };
    const locate = () => {
      try {
        session.setPositionState({ duration: audio.duration, playbackRate: audio.playbackRate, position: audio.currentTime });
      } catch { /* no length yet */ }
    };
    for (const name of ['seeked', 'timeupdate']) audio.addEventListener(name, tell);
    for (const name of ['loadedmetadata', 'seeked', 'ratechange', 'play', 'pause']) audio.addEventListener(name, locate);
    tell();
    locate();
    on('play', play);
    on('pause', pause);
    on('previoustrack', previous);
    on('nexttrack', next);
    on('seekbackward', (d) => skip(-(d.seekOffset || 10)));
    on('seekforward', (d) => skip(d.seekOffset || 10));
    on('seekto', (d) => seek(d.seekTime));
  }
})();
