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

package io.github.jetstreamspring.sample;

import io.github.jetstreamspring.annotation.JetStreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Sends the mails. Its consumer is declared here rather than in the configuration.
 */
@Component
class MailListener {

	private static final Logger logger = LoggerFactory.getLogger(MailListener.class);

	@JetStreamListener(stream = "mails", consumer = "mailer", subjects = "mails.>", concurrency = "2")
	void send(Mail mail) {
		logger.info("Mail to {}: {}", mail.customer(), mail.text());
	}

}
