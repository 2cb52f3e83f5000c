// Pictures that are pasted or dropped anywhere in the page become an example to search with. What reads them is loaded
// when the first one comes.
import type { Slot } from "../state/takePicture.ts";

function take(file: Blob, slot: Slot): void {
  void import("../state/takePicture.ts").then(({ takePicture }) => takePicture(file, slot));
}

function hasFiles(data: DataTransfer | null): boolean {
  return data !== null && [...data.types].includes("Files");
}

/** Into the slot that the focus is beside: "less like this" where the person stands there. */
function slotAt(target: EventTarget | null): Slot {
  const side = target instanceof Element ? target.closest(".ask-side") : null;
  return side?.querySelector('[data-slot="lessLike"]') ? "lessLike" : "like";
}

function onPaste(event: ClipboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const data = event.clipboardData;
  if (!data || data.getData("text/plain") !== "") return; // spreadsheets paste a picture beside their text
  const file = [...data.files].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  take(file, slotAt(event.target));
}

function mark(over: boolean): void {
  document.documentElement.classList.toggle("dragging", over);
}

function onDragOver(event: DragEvent): void {
  if (!hasFiles(event.dataTransfer)) return;
  event.preventDefault(); // else the browser leaves the page for the file
  mark(true);
}

function onDragLeave(event: DragEvent): void {
  if (event.relatedTarget === null) mark(false);
}

function onDrop(event: DragEvent): void {
  mark(false);
  if (!hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  const files = [...(event.dataTransfer?.files ?? [])];
  const file = files.find((one) => one.type.startsWith("image/")) ?? files[0];
  if (file) take(file, slotAt(event.target));
}

export function startFiles(): void {
  addEventListener("paste", onPaste);
  addEventListener("dragover", onDragOver);
  addEventListener("dragleave", onDragLeave);
  addEventListener("drop", onDrop);
}
