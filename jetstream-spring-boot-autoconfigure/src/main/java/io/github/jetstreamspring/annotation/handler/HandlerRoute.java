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

package io.github.jetstreamspring.annotation.handler;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.messaging.SubjectPattern;
import org.jspecify.annotations.Nullable;

/**
 * A method of a class, and which of the messages it handles.
 *
 * @param method the method
 * @param handler calls it
 * @param type the class that it takes; {@code null} if that is none that messages are
 * told apart by
 * @param subjects the subjects of its messages, all if there are none
 * @param isDefault whether it handles what no other method does
 * @since 0.1.0
 */
public record HandlerRoute(Method method, DeliveryHandler handler, @Nullable Class<?> type,
		List<SubjectPattern> subjects, boolean isDefault) {

	/**
	 * Returns whether the subject of a message fits.
	 */
	boolean takes(String subject) {
		if (this.subjects.isEmpty()) {
			return true;
		}
		for (SubjectPattern pattern : this.subjects) {
			if (pattern.matches(subject)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether the type of a message fits.
	 * @param name the type's name, {@code null} if the message has none
	 * @param messageType the class of this name, {@code null} if there is none
	 */
	boolean takes(@Nullable String name, @Nullable Class<?> messageType) {
		if (name == null) {
			return !this.subjects.isEmpty();
		}
		return this.type == null || (messageType != null && this.type.isAssignableFrom(messageType));
	}

	/**
	 * Returns whether all messages that are of this type are of the other one's, too.
	 */
	boolean isAtLeastAsSpecificAs(HandlerRoute other) {
		return other.type == null || (this.type != null && other.type.isAssignableFrom(this.type));
	}

	/**
	 * Returns whether a message can fit the subjects of both.
	 */
	boolean sharesSubjectsWith(HandlerRoute other) {
		return this.subjects.isEmpty() || other.subjects.isEmpty()
				|| this.subjects.stream().anyMatch((one) -> other.subjects.stream().anyMatch(one::overlaps));
	}

	/**
	 * Names the method and what it is for.
	 */
	String describe(MessageTypes types) {
		StringBuilder text = new StringBuilder(name());
		if (this.type != null && !types.names(this.type).isEmpty()) {
			text.append(" for type ").append(String.join(" or ", types.names(this.type)));
		}
		else if (this.type != null) {
			text.append(" for ").append(this.type.getSimpleName());
		}
		if (!this.subjects.isEmpty()) {
			text.append(" on ")
				.append(this.subjects.stream().map(SubjectPattern::toString).collect(Collectors.joining(", ")));
		}
		return text.toString();
	}

	String name() {
		return this.method.getName() + Arrays.stream(this.method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", ", "(", ")"));
	}

	@Override
	public String toString() {
		return name();
	}

}
