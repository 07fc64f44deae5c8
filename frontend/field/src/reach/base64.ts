/** Signatures and what is signed, as machines write them. */
export function bytes(written: string): Uint8Array<ArrayBuffer> {
  const plain = atob(written.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
