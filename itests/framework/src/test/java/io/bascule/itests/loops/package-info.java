/* SPDX-License-Identifier: Apache-2.0 */
/** Several brokers, linked in circles: a message comes to each of them once. */
package io.bascule.itests.loops;
