/* SPDX-License-Identifier: Apache-2.0 */
/** Where a message goes: routes with their filters, templates and options, and the books that are kept of each. Knows no connection. */
package io.bascule.bridge.route;
