// Searching by pictures in the contract of docs/api.md. Unknown values are null.
import { post } from "./client.ts";
import { problemOf, unreachable } from "./problem.ts";
import type { Answer, Listed, SearchRequest, ShownPicture } from "./types.ts";

export interface MatchedPicture extends ShownPicture {
  similarity: number; // cosine
  duplicate_of: string | null; // SHA-256 of the first picture of this page that it is a copy of
}

export interface PictureHit extends Listed {
  score: number;
  rank: number;
  why: string | null;
  pictures: MatchedPicture[]; // nearest first
}

export interface PictureAnswer extends Omit<Answer, "hits"> {
  hits: PictureHit[];
  picture_space: string;
}

export interface PictureRequest extends SearchRequest {
  text?: string;
  image?: string; // a data: URL
  minus?: { text?: string; image?: string };
  weights?: { text?: number; image?: number; minus?: number; picture?: number };
  min_similarity?: number;
}

export function search(request: PictureRequest, signal?: AbortSignal): Promise<PictureAnswer> {
  return post<PictureAnswer>("/v1/images/search", request, signal);
}

export function thumbnailPath(sha256: string): string {
  return `/v1/images/${sha256}/thumbnail`;
}

/** A known picture, small, as its bytes. */
export async function thumbnail(sha256: string, signal?: AbortSignal): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(thumbnailPath(sha256), signal ? { signal } : {});
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}
