import { html, type Markup } from "./_html.ts";

/** What the figures mean and how they were made, for a reader who has only this file. */
export function notesSection(): Markup {
  return html`
    <section id="notes">
      <h2>How to read this</h2>
      <ul class="notes">
        <li><strong>Max relative error</strong> is the largest absolute error divided by the largest absolute value of the reference
        tensor. It is not taken per element: near zero that would measure rounding, not correctness.</li>
        <li><strong>Verdict.</strong> A tensor passes only if relative error and cosine are numbers within the tolerance. NaN, Inf, and an
        all-zero or constant output where the reference is neither always fail. What was not compared fails too.</li>
        <li><strong>SNR</strong> is 10 log₁₀(Σ reference² / Σ error²). <strong>p99.9</strong> and all quantiles are of type 7.</li>
        <li><strong>Median interval</strong>: percentile bootstrap with a fixed seed. It says how well this run’s median is known, not how
        much the next run’s will differ; that needs several processes.</li>
        <li><strong>Vulkan against CPU.</strong> The unit is a process, by the median of its samples. A verdict needs seven processes an arm or more,
        Mann-Whitney’s p below 0.002 after Holm’s adjustment over all models, and the whole 99 % bootstrap interval of the
        ratio beyond 3 % or beyond what the arms differ from themselves, whichever is more.</li>
        <li><strong>Order.</strong> Arms take turns, in a random order and then its mirror image; the seed is among the options.</li>
        <li><strong>MAD</strong> is the median absolute deviation, unscaled. <strong>CV</strong> is the sample standard deviation over the mean.</li>
        <li><strong>Phases.</strong> Upload, compute and download are timed in inferences of their own, since waiting between them
    costs time; they need not add up to the total, which is timed without waits.</li>
        <li><strong>GPU time</strong>, where the device has timestamps, is of further inferences, in which each command stood between two.
    Device busy is the sum over commands, each from when all before it had ended to its own end. Operators are medians of
    their own; they need not add up to compute.</li>
        <li>No sample was left out. The raw samples are in <code>samples.csv</code>, everything else in <code>result.json</code>.</li>
      </ul>
    </section>
  `;
}
