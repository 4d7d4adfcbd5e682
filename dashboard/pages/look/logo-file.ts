/** A file that a person chose for a logo, looked at before it is sent. */
import {
  LOGO_MAX_BYTES,
  LOGO_TYPES,
  type LogoFault,
  sizeFault,
} from "../../../shared/brand-rules.ts";

export interface Chosen {
  readonly kind: "new";
  readonly base64: string;
  /** The same bytes as a `data:` address, to look at. */
  readonly address: string;
}

/** The file's bytes, or what is wrong with it; the server looks again. */
export async function readLogoFile(file: File): Promise<Chosen | { readonly fault: LogoFault }> {
  if (!LOGO_TYPES.some((type) => type === file.type)) return { fault: "logo_kind" };
  if (file.size > LOGO_MAX_BYTES) return { fault: "logo_large" };
  const size = await pictureSize(file);
  if (size === null) return { fault: "logo_kind" };
  const fault = sizeFault(size.width, size.height);
  if (fault !== null) return { fault };
  const address = await dataAddress(file);
  return { kind: "new", base64: address.slice(address.indexOf(",") + 1), address };
}

/** Null for what the browser cannot draw. */
async function pictureSize(file: File): Promise<{ width: number; height: number } | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return null;
  }
}

function dataAddress(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
