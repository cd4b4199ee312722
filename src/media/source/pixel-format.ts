export type Chroma = "4:0:0" | "4:2:0" | "4:2:2" | "4:4:4" | "other";

/** Bits per sample and chroma of an FFmpeg pixel format name (libavutil/pixdesc.c), such as `yuv420p10le`. */
export function pixelFormat(name: string): { readonly bitDepth: number; readonly chroma: Chroma } {
  const planar = /^(?:yuvj?|yuva)(\d{3})p(\d*)/.exec(name);
  if (planar !== null) return { bitDepth: Number(planar[2] || 8), chroma: subsampling(planar[1]) };
  const semi = /^(?:nv(12|21|16|24|20)|p([024])(\d\d))/.exec(name);
  if (semi !== null) {
    const { 1: nv, 2: p, 3: bits } = semi;
    const chroma = nv === "12" || nv === "21" || p === "0" ? "4:2:0" : nv === "24" || p === "4" ? "4:4:4" : "4:2:2";
    return { bitDepth: nv === "20" ? 10 : Number(bits ?? 8), chroma };
  }
  const gray = /^(?:ya|gray)(\d*)/.exec(name);
  if (gray !== null) return { bitDepth: Number(gray[1] || 8), chroma: "4:0:0" };
  const rgb = /^(?:gbra?p|[argb]{3,4}|rgb|bgr|0rgb|pal8)(\d*)/.exec(name);
  if (rgb === null) return { bitDepth: 8, chroma: "other" };
  const bits = Number(rgb[1] || 8);
  return { bitDepth: bits > 16 ? bits / (bits === 64 ? 4 : 3) : bits, chroma: "4:4:4" };
}

const subsampling = (digits = ""): Chroma =>
  digits === "420" ? "4:2:0" : digits === "422" ? "4:2:2" : digits === "444" ? "4:4:4" : "other";
