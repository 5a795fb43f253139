/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Version;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What the specification says, in our words, and where. It holds for the versions for which a place is given: the identifiers of normative
 * statements, or a section where the statement has none.
 */
public final class Law {
    private final String text;
    private final Map<Version, String> places;

    private Law(String text, Map<Version, String> places) {
        this.text = text;
        this.places = places;
    }

    /** A law that holds nowhere yet. */
    public static Law of(String text) {
        return new Law(text, Map.of());
    }

    public Law v31(String place) {
        return with(Version.V3_1, place);
    }

    public Law v311(String place) {
        return with(Version.V3_1_1, place);
    }

    public Law v5(String place) {
        return with(Version.V5, place);
    }

    /** Where both versions have the statement under one identifier. */
    public Law both(String place) {
        return v311(place).v5(place);
    }

    private Law with(Version version, String place) {
        Map<Version, String> more = new EnumMap<>(Version.class);
        more.putAll(places);
        more.put(version, place);
        return new Law(text, more);
    }

    /** The versions it holds for. */
    public Set<Version> versions() {
        return places.keySet();
    }

    /** The text without the place. */
    public String text() {
        return text;
    }

    /** Where it stands. */
    public String place(Version version) {
        return places.get(version);
    }
}
