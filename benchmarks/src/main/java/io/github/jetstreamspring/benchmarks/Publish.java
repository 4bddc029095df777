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

package io.github.jetstreamspring.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * How fast messages are published with confirmation, and at what cost. The sides take
 * turns.
 */
final class Publish implements Benchmark {

	private static final String[] CASES = { "sync-128-bytes", "async1000-128-bytes", "async1000-128-json" };

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		for (PublishCase publishCase : settings.publishCasesOr(CASES)) {
			run(server, publishCase, settings, report);
		}
	}

	private static void run(EmbeddedNatsServer server, PublishCase publishCase, Settings settings, Report report)
			throws Exception {
		int messages = settings.messagesOr(publishCase.messages());
		List<PublishContender> contenders = new ArrayList<>();
		try {
			for (PublishSide side : PublishSide.values()) {
				contenders.add(new PublishContender(server, publishCase, side));
			}
			for (int round = -settings.warmup(); round < settings.rounds(); round++) {
				for (PublishContender contender : contenders) {
					contender.run(messages, round >= 0);
				}
			}
			report.publish(publishCase, messages, contenders);
		}
		finally {
			contenders.forEach(PublishContender::close);
		}
	}

}
