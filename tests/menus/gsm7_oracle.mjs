// Makes gsm7_oracle.json, what another's calculator says of the texts below. In a scratch folder outside the tree, run
//     npm install sms-segments-calculator@1.3.0 && node …/tests/menus/gsm7_oracle.mjs
// which overwrites the table beside this script. The same version and the same script give the same bytes.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { SegmentedMessage } = require("sms-segments-calculator");
const { version } = require("sms-segments-calculator/package.json");

const SMART = false; // Its "smart encoding" rewrites letters before it counts; our own folding is tested apart.
const EXTENSION = [..."\f^{}\\[~]|€"];
const SENTENCES = {
  en: "Do you need help? We will call you. Delete this message after reading it. ",
  ru: "Вам нужна помощь? Мы вам позвоним. Удалите это сообщение. ",
  kk: "Сізге көмек керек пе? Біз сізге қоңырау шаламыз. Әңгіме құпия, ғаламат һәм ұзақ. ",
  ky: "Сизге жардам керекпи? Биз сизге чалабыз. Сөзүңүз жашыруун. ",
  tg: "Ба шумо кӯмак лозим аст? Мо ба шумо занг мезанем. Ҳеҷ кас намедонад, ҷои қароғӣ. ",
  "uz-Cyrl": "Сизга ёрдам керакми? Биз сизга қўнғироқ қиламиз. Ҳеч ким билмайди. ",
  uz: "Sizga yordam kerakmi? Biz sizga qo'ng'iroq qilamiz. Bu ma'lumot sir. ",
  "uz-turned": "Sizga yordam kerakmi? Biz sizga qoʻngʻiroq qilamiz. Bu maʼlumot sir. ",
  "uz-quoted": "Sizga yordam kerakmi? Biz sizga qo‘ng‘iroq qilamiz. Bu ma’lumot sir. ",
  "uz-grave": "Sizga yordam kerakmi? Biz sizga qo`ng`iroq qilamiz. Bu ma`lumot sir. ",
  tk: "Size kömek gerekmi? Biz size jaň ederis. Özüňize ýardam soraň, bu syr bolup galýar, çaga we maşgala üçin. ",
  "tk-folded": "Size kömek gerekmi? Biz size jan ederis. Özünize yardam soran, bu syr bolup galyar, caga we masgala ücin. ",
};

function* cases() {
  yield "";
  for (const letter of "ӘәҒғҚқҢңӨөҰұҮүҺһІіӢӣӮӯҲҳҶҷЎўЁёÄäÇçŇňÖöŞşÜüÝýŽžʻʼ‘’`'№–—…«»\u00a0\u202f") yield letter;

  // Where one part becomes two, and two become more.
  for (const filler of ["a", "Ä"])
    for (const n of [1, 152, 153, 154, 159, 160, 161, 305, 306, 307, 459, 460, 612, 613]) yield filler.repeat(n);
  for (const filler of ["я", "ң", "ʼ"])
    for (const n of [66, 67, 68, 69, 70, 71, 133, 134, 135, 201, 202, 268, 269]) yield filler.repeat(n);

  // Pairs that would straddle a seam.
  for (const pair of EXTENSION) {
    for (const before of [151, 152, 153]) yield "a".repeat(before) + pair + "a".repeat(152);
    for (const before of [158, 159, 160]) yield "a".repeat(before) + pair;
  }
  for (const n of [76, 77, 80, 81, 152, 153, 154, 228, 229]) yield "€".repeat(n);
  for (const before of [65, 66, 67, 68, 69, 70])
    for (const after of [0, 1, 65, 66, 67]) yield "я".repeat(before) + "😀" + "я".repeat(after);
  for (const before of [66, 68, 69]) yield "a".repeat(before) + "😀";
  for (const n of [33, 34, 35, 36, 66, 67, 99, 100]) yield "😀".repeat(n);
  for (const n of [66, 67, 69, 70]) yield "{".repeat(n) + "я"; // In UCS-2 a brace needs no escape.

  // Ends of line: each of CR and LF is a letter.
  for (const before of [151, 152, 153, 158, 159, 160]) yield "a".repeat(before) + "\r\n";
  for (const before of [151, 152, 153]) yield "a".repeat(before) + "\r\n" + "a".repeat(152);
  for (const before of [65, 66, 67, 68, 69, 70]) yield "я".repeat(before) + "\r\n";
  for (const before of [65, 66, 67]) yield "я".repeat(before) + "\r\n" + "я".repeat(66);

  for (const [language, sentence] of Object.entries(SENTENCES)) {
    const dear = /[^\x20-\x7eÖöüÄä]|`/.test(sentence);
    for (const n of dear ? [40, 67, 70, 71, 134, 135, 201] : [70, 153, 160, 161, 306, 307, 459])
      yield sentence.repeat(12).slice(0, n);
  }

  // Anything, seeded.
  const random = mulberry32(7);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const cheap = [..."abcdefgh XYZ 0123 @£Δ§àñ\r\n", ...EXTENSION];
  const dear = [...cheap, ..."Жңқөүғҳҷӣӯўіşňýžʻʼ’", "😀", "📞", "🆘"];
  for (let i = 0; i < 120; i += 1) {
    const letters = i % 2 ? dear : cheap;
    const length = Math.floor(random() * (i % 2 ? 210 : 330));
    yield Array.from({ length }, () => pick(letters)).join("");
  }
}

// The calculator moves what the eye sees as one letter to the next part whole. TS 23.038 knows no such thing: an accent
// of its own, a joiner, a skin tone are each a letter, and the seam may pass between them. `network` is counted by hand.
const GRAPHEMES = [
  ["an accent of its own", "я".repeat(66) + "и\u0306" + "я".repeat(66), [67, 67]],
  ["a tone after an emoji", "я".repeat(65) + "👍🏽" + "я".repeat(65), [66, 66]],
  ["a flag is two letters", "я".repeat(65) + "🇰🇬" + "я".repeat(65), [66, 66]],
  ["a family joined by U+200D", "я".repeat(61) + "👩\u200d👧\u200d👦" + "я".repeat(65), [65, 66]],
];

function row(text) {
  const message = new SegmentedMessage(text, "auto", SMART);
  const raws = message.segments.map((segment) => segment.flatMap(({ raw }) => [...(raw ?? "")]));
  if (raws.flat().join("") !== text) throw new Error(`letters were lost: ${JSON.stringify(text)}`);
  const bits = message.encodingName === "GSM-7" ? 7 : 16;
  return {
    text,
    encoding: message.encodingName,
    weight: message.messageSize / bits,
    segments: raws.map((letters) => letters.length),
  };
}

function alphabet(weight) {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
  return letters.map(row).filter((r) => r.encoding === "GSM-7" && r.weight === weight).map((r) => r.text).join("");
}

function mulberry32(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const rows = [...new Set(cases())].map(row);
const differing = GRAPHEMES.map(([why, text, network]) => ({ ...row(text), network, why }));
const lines = [...rows, ...differing].map((r) => `    ${JSON.stringify(r)}`).join(",\n");
const head = { source: `sms-segments-calculator ${version}`, once: alphabet(1), twice: alphabet(2) };
const table = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n${lines}\n  ]\n}\n`;
writeFileSync(new URL("gsm7_oracle.json", import.meta.url), table);
console.log(`${rows.length + differing.length} rows`);
