/** A body that names no length: so many bytes of `a` after `start`, in pieces of 64 KiB. */
export function streamedBody(bytes: number, start = ""): RequestInit {
  const piece = new TextEncoder().encode("a".repeat(64 * 1024));
  let left = bytes;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
    pull(controller) {
      controller.enqueue(piece.subarray(0, Math.min(left, piece.byteLength)));
      left -= piece.byteLength;
      if (left <= 0) controller.close();
    },
  });
  return { method: "POST", body, duplex: "half" } as RequestInit;
}

/** A body that begins and never ends. */
export function stalledBody(start: string): RequestInit {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
  });
  return { method: "POST", body, duplex: "half" } as RequestInit;
}
