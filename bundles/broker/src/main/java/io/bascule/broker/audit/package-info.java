/* SPDX-License-Identifier: Apache-2.0 */
/** What of the configuration is told to the audit log. */
package io.bascule.broker.audit;
