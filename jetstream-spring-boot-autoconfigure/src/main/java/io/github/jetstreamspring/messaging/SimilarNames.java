/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.messaging;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the name that somebody may have meant who wrote another one.
 *
 * @since 0.1.0
 */
public final class SimilarNames {

	private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}]");

	private SimilarNames() {
	}

	/**
	 * Returns what to add to a message about an unknown name.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @return a question that names the nearest one, or an empty text if none is near
	 */
	public static String question(String name, Collection<String> known) {
		return nearest(name, known).map("; did you mean '%s'?"::formatted).orElse("");
	}

	/**
	 * Returns the nearest of several names.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @return the nearest one, or nothing if none is near
	 */
	public static Optional<String> nearest(String name, Collection<String> known) {
		String nearest = null;
		int least = Integer.MAX_VALUE;
		for (String other : known) {
			int distance = distance(name, other);
			if (distance < least && isNear(distance, name, other)) {
				nearest = other;
				least = distance;
			}
		}
		return Optional.ofNullable(nearest);
	}

	/**
	 * Returns whether one name can be a slip of the pen for another.
	 * @param distance the number of their differences
	 * @param name a name
	 * @param other another name
	 * @return whether no more than a third of the longer one differs
	 */
	public static boolean isNear(int distance, String name, String other) {
		return distance <= Math.max(1, Math.max(letters(name).length(), letters(other).length()) / 3);
	}

	/**
	 * Returns in how many letters two names differ, where two that have changed places
	 * count as one. Case, dashes and the like don't count.
	 * @param name a name
	 * @param other another name
	 * @return the number of differences
	 */
	public static int distance(String name, String other) {
		String a = letters(name);
		String b = letters(other);
		int[][] distances = new int[a.length() + 1][b.length() + 1];
		for (int i = 0; i <= a.length(); i++) {
			for (int j = 0; j <= b.length(); j++) {
				distances[i][j] = distance(a, b, i, j, distances);
			}
		}
		int distance = distances[a.length()][b.length()];
		return (distance == 0 && !isAlike(name, other)) ? 1 : distance;
	}

	private static int distance(String a, String b, int i, int j, int[][] distances) {
		if (i == 0 || j == 0) {
			return i + j;
		}
		boolean same = a.charAt(i - 1) == b.charAt(j - 1);
		int least = Math.min(distances[i - 1][j - 1] + (same ? 0 : 1),
				Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
		boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
		return swapped ? Math.min(least, distances[i - 2][j - 2] + 1) : least;
	}

	/**
	 * Returns whether two names differ in nothing but case, dashes and the like.
	 * @param name a name
	 * @param other another name
	 * @return whether their letters and digits are the same
	 */
	public static boolean isAlike(String name, String other) {
		return plain(name).equals(plain(other));
	}

	private static String plain(String name) {
		return MARKS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
	}

	// "msgs" is what the server and its tools say
	private static String letters(String name) {
		return plain(name).replace("msg", "message");
	}

}
