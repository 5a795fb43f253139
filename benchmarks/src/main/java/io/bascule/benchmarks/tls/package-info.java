/* SPDX-License-Identifier: Apache-2.0 */
/** What TLS costs. */
package io.bascule.benchmarks.tls;
