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

package io.github.jetstreamspring.topology;

import java.util.List;

import io.nats.client.api.AccountLimits;
import io.nats.client.api.AccountStatistics;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

/**
 * Checks what shall be written against the limits of the account.
 */
final class AccountCheck {

	private static final String RAISE = "Have the limit of the account raised, or ";

	private final AccountStatistics account;

	private final AccountLimits limits;

	private final TopologyMode mode;

	private final Problems problems;

	AccountCheck(AccountStatistics account, TopologyMode mode, Problems problems) {
		this.account = account;
		this.limits = account.getLimits();
		this.mode = mode;
		this.problems = problems;
	}

	void check(List<StreamPlan> written) {
		List<Comparison<StreamConfiguration>> streams = written.stream()
			.filter(StreamPlan::managed)
			.map(StreamPlan::stream)
			.filter((stream) -> stream.isToBeWritten(this.mode))
			.toList();
		checkNumber(streams);
		streams.forEach(this::checkBytes);
		checkReserved(streams, StorageType.File, this.limits.getMaxStorage(), this.account.getReservedStorage());
		checkReserved(streams, StorageType.Memory, this.limits.getMaxMemory(), this.account.getReservedMemory());
		written.stream()
			.flatMap((plan) -> plan.consumers().stream())
			.filter((consumer) -> consumer.isToBeWritten(this.mode))
			.forEach(this::checkAckPending);
	}

	private void checkNumber(List<Comparison<StreamConfiguration>> streams) {
		List<String> created = streams.stream()
			.filter((stream) -> stream.current() == null)
			.map((stream) -> stream.declared().stream())
			.toList();
		long max = this.limits.getMaxStreams();
		if (max > 0 && !created.isEmpty() && this.account.getStreams() + created.size() > max) {
			this.problems.add(Keys.STREAMS,
					"can't all be created: the account may have %d streams and has %d, without %s".formatted(max,
							this.account.getStreams(), Values.list(created)),
					RAISE + "delete streams that nobody needs (nats stream ls).");
		}
	}

	private void checkBytes(Comparison<StreamConfiguration> stream) {
		StreamConfiguration outcome = stream.outcome(this.mode);
		long max = (outcome.getStorageType() == StorageType.Memory) ? this.limits.getMemoryMaxStreamBytes()
				: this.limits.getStorageMaxStreamBytes();
		if (this.limits.isMaxBytesRequired() && outcome.getMaxBytes() <= 0) {
			this.problems.add(stream.declared(), StreamSettings.maxBytes(), "is missing: the account asks for it",
					"Set it.");
		}
		else if (max > 0 && outcome.getMaxBytes() > max) {
			this.problems.add(stream.declared(), StreamSettings.maxBytes(),
					"can't be '%d', as the account allows %d for a stream".formatted(outcome.getMaxBytes(), max),
					RAISE + "lower it.");
		}
	}

	private void checkReserved(List<Comparison<StreamConfiguration>> streams, StorageType storage, long max,
			long reserved) {
		long sum = reserved;
		for (Comparison<StreamConfiguration> stream : streams) {
			StreamConfiguration outcome = stream.outcome(this.mode);
			long more = reservation(outcome) - ((stream.current() != null) ? reservation(stream.current()) : 0);
			if (outcome.getStorageType() == storage && more > 0) {
				sum += more;
				if (max > 0 && sum > max) {
					this.problems.add(stream.declared(), StreamSettings.maxBytes(),
							"can't be '%d' with %d replicas, as the account may have %d bytes in all, of which %d are taken"
								.formatted(outcome.getMaxBytes(), outcome.getReplicas(), max, sum - more),
							RAISE + "lower it.");
				}
			}
		}
	}

	private static long reservation(StreamConfiguration stream) {
		return Math.max(0, stream.getMaxBytes()) * Math.max(1, stream.getReplicas());
	}

	private void checkAckPending(Comparison<ConsumerConfiguration> consumer) {
		long max = this.limits.getMaxAckPending();
		long pending = consumer.outcome(this.mode).getMaxAckPending();
		if (max > 0 && pending > max) {
			this.problems.add(consumer.declared(), ConsumerSettings.maxAckPending(),
					"can't be '%d', as the account allows %d".formatted(pending, max), RAISE + "lower it.");
		}
	}

}
