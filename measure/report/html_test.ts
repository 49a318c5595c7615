import { describe, expect, it } from "vitest";
import { html } from "./_html.ts";

describe("html``", () => {
  it("escapes text in content and attributes, and keeps markup", () => {
    const inner = html`<b title="${`"><'&`}">${"<i>"}</b>`;
    expect(html`<p>${inner}</p>`.text).toBe('<p><b title="&#34;&#62;&#60;&#39;&#38;">&#60;i&#62;</b></p>');
  });

  it("joins lists, writes numbers, leaves out undefined and false", () => {
    expect(html`${["a", html`<br>`, 0]}${undefined}${false}`.text).toBe("a<br>0");
  });
});
