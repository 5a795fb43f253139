/* SPDX-License-Identifier: Apache-2.0 */
/** A bundle of somebody else's that uses all that the API offers, in the frameworks that gateways have; and the page that explains it. */
package io.bascule.itests.embedding;
