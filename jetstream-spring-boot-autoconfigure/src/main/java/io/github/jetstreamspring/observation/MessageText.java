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

package io.github.jetstreamspring.observation;

import org.jspecify.annotations.Nullable;

/**
 * Text that messages bring along, as it may be shown: not too long, and without
 * characters that control something.
 */
final class MessageText {

	private static final int MAX_LENGTH = 256;

	private MessageText() {
	}

	static @Nullable String of(@Nullable String text) {
		if (text == null || isHarmless(text)) {
			return text;
		}
		StringBuilder shown = new StringBuilder(MAX_LENGTH);
		for (int i = 0; i < text.length() && shown.length() < MAX_LENGTH; i++) {
			char character = text.charAt(i);
			shown.append(Character.isISOControl(character) ? '?' : character);
		}
		return shown.toString();
	}

	private static boolean isHarmless(String text) {
		if (text.length() > MAX_LENGTH) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (Character.isISOControl(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

}
