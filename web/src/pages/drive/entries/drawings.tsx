import { Drawing } from "#base/ui/states/illustrations.tsx";

/** An open box that waits for what comes. */
export const BoxDrawing = () => (
  <Drawing>
    <path d="M36 52h88v44a6 6 0 0 1-6 6H42a6 6 0 0 1-6-6z" />
    <path d="M36 52L22 68M124 52l14 16M66 52v12h28V52" />
    <path d="M80 40V14M70 24l10-10 10 10" className="stroke-accent" />
    <path d="M48 88h20" opacity="0.6" />
  </Drawing>
);

/** A basket with nothing in it. */
export const BasketDrawing = () => (
  <Drawing>
    <path d="M48 42h64l-7 56a6 6 0 0 1-6 5H61a6 6 0 0 1-6-5z" />
    <path d="M40 42h80" className="stroke-accent" />
    <path d="M66 42v-8a6 6 0 0 1 6-6h16a6 6 0 0 1 6 6v8" />
    <path d="M68 58l3 30M92 58l-3 30" opacity="0.6" />
  </Drawing>
);

/** A glass that found nothing. */
export const GlassDrawing = () => (
  <Drawing>
    <circle cx="72" cy="54" r="30" />
    <path d="M94 76l26 26" className="stroke-accent" strokeWidth="5" />
    <path d="M60 54h24" opacity="0.6" />
  </Drawing>
);

/** A chain whose links are apart. */
export const ChainDrawing = () => (
  <Drawing>
    <rect x="18" y="44" width="54" height="30" rx="15" />
    <rect x="88" y="44" width="54" height="30" rx="15" className="stroke-accent" />
    <path d="M76 34l-4-10M84 34l4-10M76 84l-4 10M84 84l4 10" opacity="0.6" />
  </Drawing>
);
