/** True if a key belongs to the control that has the focus: text being typed, a slider, or the space that presses. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=slider]") !== null)
    return true;
  return (event.key === " " || event.key === "Enter") && target.closest("button, a, [role=button], summary") !== null;
}
