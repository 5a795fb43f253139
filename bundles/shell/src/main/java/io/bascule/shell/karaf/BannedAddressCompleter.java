/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#BANNED_ADDRESSES}. */
@Service
public final class BannedAddressCompleter extends SuggestionCompleter {
    public BannedAddressCompleter() {
        super(Suggestions.BANNED_ADDRESSES);
    }
}
