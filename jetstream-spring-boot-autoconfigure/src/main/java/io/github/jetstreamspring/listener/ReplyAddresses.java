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

package io.github.jetstreamspring.listener;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.Connection;
import io.nats.client.Options;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * To whom a listener replies. Whoever may publish a message writes its address, and the
 * reply is sent with the rights of the listener: to inboxes, and to what the application
 * allows besides, but to nothing else.
 */
final class ReplyAddresses {

	private static final Log logger = LogFactory.getLog(ReplyAddresses.class);

	// Far longer than any inbox, and short enough for every server's max_control_line and
	// for the patterns
	private static final int MAX_BYTES = 255;

	private static final Pattern SUBJECT = Pattern.compile("[^\\s.*>\\p{Cntrl}]+(\\.[^\\s.*>\\p{Cntrl}]+)*");

	private final String listener;

	private final List<String> subjects;

	// Made for the first request: most listeners never get one
	private volatile @Nullable List<Pattern> allowed;

	// Whether it is said that an address isn't allowed
	private final AtomicBoolean refused = new AtomicBoolean();

	ReplyAddresses(String listener, List<String> subjects, Connection connection) {
		this.listener = listener;
		List<String> all = new ArrayList<>(subjects);
		Options options = connection.getOptions();
		if (options != null && options.getInboxPrefix() != null) {
			// Of those who share the prefix, as instances of one application do
			all.add(options.getInboxPrefix() + ">");
		}
		this.subjects = all.stream().distinct().toList();
	}

	private List<Pattern> allowed() {
		List<Pattern> patterns = this.allowed;
		if (patterns == null) {
			patterns = this.subjects.stream().map(ReplyAddresses::pattern).toList();
			this.allowed = patterns;
		}
		return patterns;
	}

	private static Pattern pattern(String subject) {
		StringJoiner pattern = new StringJoiner("\\.");
		for (String token : subject.split("\\.")) {
			pattern.add(switch (token) {
				case "*" -> "[^.]+";
				case ">" -> ".+";
				default -> Pattern.quote(token);
			});
		}
		return Pattern.compile(pattern.toString());
	}

	/**
	 * Returns the address of the caller who waits for a reply to a message.
	 * @param delivery the message
	 * @return the address, or {@code null} if the message is no request, or its address
	 * isn't one to reply to
	 */
	@Nullable String of(ReceivedDelivery delivery) {
		String address = delivery.headers().getFirst(JetStreamHeaders.REPLY_TO);
		if (address == null || isAllowed(address)) {
			return address;
		}
		if (this.refused.compareAndSet(false, true)) {
			logger.warn(
					"Listener '%s': nobody gets a reply to message %s, as the address in its header '%s' is not one of %s or is longer than 255 bytes. If the application is to reply there, name it in jetstream.listeners.%s.reply-subjects. Said once; further ones are logged at debug level"
						.formatted(this.listener, delivery, JetStreamHeaders.REPLY_TO, String.join(", ", this.subjects),
								this.listener));
		}
		else {
			logger.debug("Listener '%s': nobody gets a reply to message %s, as its address isn't allowed"
				.formatted(this.listener, delivery));
		}
		return null;
	}

	private boolean isAllowed(String address) {
		if (address.length() > MAX_BYTES || address.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
			return false;
		}
		// The server's own subjects are for those who may use them
		return !address.startsWith("$") && SUBJECT.matcher(address).matches()
				&& allowed().stream().anyMatch((pattern) -> pattern.matcher(address).matches());
	}

}
