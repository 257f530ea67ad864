// WebVTT files by the W3C's parser: every error it finds.
// usage: node vtt.cjs captions|chapters FILE …
'use strict';
const fs = require('fs');
const { WebVTTParser } = require('webvtt-parser');

const [mode, ...files] = process.argv.slice(2);
let bad = 0;
for (const file of files) {
  const { cues, errors } = new WebVTTParser().parse(fs.readFileSync(file, 'utf8'), mode);
  for (const e of errors) console.log(`${file}:${e.line}: ${e.message}`);
  if (!cues.length) console.log(`${file}: no cue`);
  bad += errors.length + !cues.length;
}
process.exit(bad ? 1 : 0);
