import { requestFile, unreachable } from './api-client.ts';

/** What has arrived so far, in bytes; `total` if the server announced it. */
export interface DownloadProgress {
  readonly received: number;
  readonly total: number | undefined;
}

/**
 * Fetches a CSV file and lets the browser save it under the server's file name. An incomplete file is never saved.
 * @param path with its query, such as "/api/admin/account-links/export?format=csv"
 * @returns how many lines (CRLF) the file has, including its header
 * @throws ProblemError, UnreachableError or AbortError, as `request` does
 */
export async function download(
  path: string,
  options: {
    method?: 'GET' | 'POST';
    body?: unknown;
    signal?: AbortSignal;
    onProgress?: (progress: DownloadProgress) => void;
  } = {},
): Promise<{ lines: number }> {
  const { method, body, signal, onProgress } = options;
  const response = await requestFile(path, 'text/csv', { method, body, signal });
  const { headers } = response;
  const announced = Number(headers.get('content-length') ?? Number.NaN);
  const total = Number.isNaN(announced) ? undefined : announced;
  let received = 0;
  let lines = 0;
  const watched = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        received += chunk.byteLength;
        lines += countNewlines(chunk);
        onProgress?.({ received, total });
        controller.enqueue(chunk);
      },
    }),
  );
  let blob: Blob;
  try {
    blob = await new Response(watched ?? null, { headers }).blob();
  } catch (cause) {
    throw unreachable(cause, signal);
  }
  saveAs(blob, fileNameOf(headers.get('content-disposition')) ?? 'argus.csv');
  return { lines };
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** The file name of a Content-Disposition (RFC 6266): `filename*` before `filename`. */
export function fileNameOf(disposition: string | null): string | undefined {
  const extended = /(?:^|;)\s*filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition ?? '')?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Invalid by RFC 8187; the plain name is the fallback.
    }
  }
  const [, quoted, plain] = /(?:^|;)\s*filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition ?? '') ?? [];
  return quoted ?? plain;
}

function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the URL after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
