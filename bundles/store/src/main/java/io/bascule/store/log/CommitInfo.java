/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.time.Duration;

/**
 * How commits went: writing a group of records, and forcing it where that is asked for.
 *
 * @param count how many there were since the log was opened
 * @param median of the last 1,024, as the others; zero where there was none
 */
public record CommitInfo(long count, Duration median, Duration percentile99, Duration longest) {}
