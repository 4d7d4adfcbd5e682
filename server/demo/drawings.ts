/** The shop's own illustrations. Classes only: a strict policy allows no style attributes. */

const frame = (inner: string): string =>
  `<svg viewBox="0 0 240 180" aria-hidden="true" focusable="false">${inner}</svg>`;

const coffee = frame(`
<rect class="wall-a" width="240" height="180"/><circle class="sun" cx="186" cy="52" r="30"/>
<path class="shade" d="M62 160h116l-6 8H68z"/>
<path class="bag" d="M74 48h92l8 14v96a6 6 0 0 1-6 6H72a6 6 0 0 1-6-6V62z"/>
<path class="bag-fold" d="M74 48h92l8 14H66z"/>
<circle class="cream" cx="120" cy="112" r="30"/>
<path class="bean" d="M120 90c13 0 20 10 20 22s-7 22-20 22-20-10-20-22 7-22 20-22z"/>
<path class="bean-line" d="M120 92c-9 12 9 26 0 40"/>`);

const kikoi = frame(`
<rect class="wall-b" width="240" height="180"/>
<path class="shade" d="M40 158h160v8H40z"/>
<rect class="cloth" x="46" y="54" width="148" height="104" rx="8"/>
<path class="stripe-a" d="M46 70h148v12H46zM46 128h148v12H46z"/>
<path class="stripe-b" d="M46 88h148v5H46zM46 98h148v3H46zM46 117h148v5H46z"/>
<path class="fold" d="M120 54v104M46 106h148"/>
<path class="fringe" d="M54 158v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10m10-10v10"/>`);

const honey = frame(`
<rect class="wall-c" width="240" height="180"/>
<path class="comb" d="m24 22 16-9 16 9v18l-16 9-16-9zM58 22l16-9 16 9v18l-16 9-16-9zM41 52l16-9 16 9v18l-16 9-16-9z"/>
<path class="shade" d="M72 160h104v8H72z"/>
<rect class="glass" x="78" y="56" width="92" height="108" rx="16"/>
<path class="honey" d="M84 84c20-10 34 8 54 0 12-5 20-4 26 0v62a12 12 0 0 1-12 12H96a12 12 0 0 1-12-12z"/>
<rect class="lid" x="84" y="38" width="80" height="22" rx="5"/>
<rect class="cream" x="94" y="104" width="60" height="34" rx="5"/>
<path class="bee" d="M112 121c0-6 6-9 12-9s12 3 12 9-6 9-12 9-12-3-12-9z"/>
<path class="bee-line" d="M121 113v16m7-15v14"/>`);

const tea = frame(`
<rect class="wall-d" width="240" height="180"/>
<path class="hill" d="M0 128c40-34 70-34 110-6s80 16 130-14v72H0z"/>
<path class="row" d="M0 150c50-26 80-20 116-2s76 10 124-12M0 168c50-22 84-18 120-4s72 8 120-8"/>
<path class="shade" d="M78 156h88v8H78z"/>
<path class="cup" d="M76 92h84v32c0 20-16 34-42 34s-42-14-42-34z"/>
<path class="handle" d="M160 102h10a14 14 0 0 1 0 28h-12"/>
<ellipse class="brew" cx="118" cy="92" rx="42" ry="9"/>
<path class="steam" d="M104 74c-6-10 6-14 0-24m18 24c-6-10 6-14 0-24m18 24c-6-10 6-14 0-24"/>`);

const kiondo = frame(`
<rect class="wall-e" width="240" height="180"/>
<path class="strap" d="M84 78c0-64 72-64 72 0"/>
<path class="shade" d="M70 160h100v8H70z"/>
<path class="wicker" d="M62 74h116l-12 80a12 12 0 0 1-12 10H86a12 12 0 0 1-12-10z"/>
<path class="band-a" d="m64 88 112 0-2 14H66z"/>
<path class="band-b" d="m68 114 104 0-2 12H70z"/>
<path class="weave" d="m68 102 9-14 9 14 9-14 9 14 9-14 9 14 9-14 9 14 9-14 9 14 9-14"/>
<path class="rim" d="M60 74h120"/>`);

const postcard = frame(`
<rect class="wall-a" width="240" height="180"/>
<path class="shade" d="m52 148 140 8-2 8-138-8z"/>
<rect class="paper" x="44" y="42" width="152" height="108" rx="4" transform="rotate(-4 120 96)"/>
<g transform="rotate(-4 120 96)"><rect class="sky" x="54" y="52" width="132" height="88" rx="2"/>
<circle class="sun" cx="146" cy="82" r="17"/>
<path class="hill" d="M54 124c30-8 60-4 88 0s32 2 44-2v18H54z"/>
<path class="tree" d="M94 126V98m-30-2c8-14 52-14 60 0-8 6-52 6-60 0z"/></g>`);

/** Illustration by product id. */
export const DRAWINGS: Readonly<Record<string, string>> = {
  coffee,
  kikoi,
  honey,
  tea,
  kiondo,
  postcard,
};
