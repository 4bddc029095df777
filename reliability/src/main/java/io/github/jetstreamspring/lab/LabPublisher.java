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

package io.github.jetstreamspring.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.jetstreamspring.lab.Event.Type;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * A publisher, which notes what it publishes and what the server has confirmed. It ends
 * when its standard input does, after the last answer.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class LabPublisher {

	private static final int KEYS = 16;

	private static final int PERCENT = 100;

	private static final Duration DELAY = Duration.ofSeconds(2);

	private final JetStreamTemplate template;

	private final Ledger ledger;

	private final String actor;

	private final Environment environment;

	private final Random random;

	private final int[] numbers = new int[KEYS];

	private final CountDownLatch ended = new CountDownLatch(1);

	LabPublisher(JetStreamTemplate template, Environment environment) {
		this.template = template;
		this.environment = environment;
		this.actor = environment.getRequiredProperty("lab.actor");
		this.ledger = Ledger.open(Path.of(environment.getRequiredProperty("lab.folder")), this.actor);
		this.random = new Random(environment.getProperty("lab.seed", Long.class, 0L));
	}

	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(LabPublisher.class, args)) {
			context.getBean(LabPublisher.class).publish();
		}
	}

	private void publish() throws Exception {
		ParentWatch.start(this.ended::countDown);
		int perSecond = this.environment.getProperty("lab.per-second", Integer.class, 200);
		int delayed = this.environment.getProperty("lab.delayed", Integer.class, 0);
		int group = this.environment.getProperty("lab.group", Integer.class, 1);
		long start = System.nanoTime();
		for (int count = 1; this.ended.getCount() > 0; count += group) {
			if (group > 1) {
				publishAll(IntStream.range(count, count + group).mapToObj(this::job).toList());
			}
			else {
				publish(job(count), this.random.nextInt(PERCENT) < delayed);
			}
			long due = start + TimeUnit.SECONDS.toNanos(count) / perSecond;
			this.ended.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
		}
	}

	private Job job(int count) {
		int key = this.random.nextInt(KEYS);
		return new Job("%s-%06d".formatted(this.actor, count), this.actor + "k" + key, ++this.numbers[key], kind());
	}

	private Job.Kind kind() {
		int chance = this.random.nextInt(PERCENT * PERCENT);
		for (Job.Kind kind : Job.Kind.values()) {
			// In hundredths of a percent
			chance -= this.environment.getProperty("lab." + kind.name().toLowerCase(Locale.ROOT), Integer.class, 0);
			if (chance < 0) {
				return kind;
			}
		}
		return Job.Kind.PLAIN;
	}

	private void publish(Job job, boolean delayed) {
		this.ledger.write(Type.SENT, job.id(), 0, delayed ? Checker.DELAYED + DELAY.toMillis() : "");
		try {
			var message = this.template.message(job).to("jobs." + job.key()).id(job.id());
			if (delayed) {
				message.delay(DELAY);
			}
			message.publishAsync().whenComplete((result, failure) -> {
				if (failure == null) {
					this.ledger.write(Type.CONFIRMED, job.id(), 0, Long.toString(result.sequence()));
				}
				else {
					this.ledger.write(Type.UNCONFIRMED, job.id(), 0, failure.toString());
				}
			});
		}
		catch (RuntimeException ex) {
			this.ledger.write(Type.UNCONFIRMED, job.id(), 0, ex.toString());
		}
	}

	private void publishAll(List<Job> jobs) {
		jobs.forEach((job) -> this.ledger.write(Type.SENT, job.id(), 0, Checker.GROUP + jobs.get(0).id()));
		try {
			List<PublishResult> results = this.template.publishAtomically(jobs.stream()
				.map((job) -> this.template.message(job).to("jobs." + job.key()).id(job.id()))
				.toList());
			for (int i = 0; i < jobs.size(); i++) {
				this.ledger.write(Type.CONFIRMED, jobs.get(i).id(), 0, Long.toString(results.get(i).sequence()));
			}
		}
		catch (RuntimeException ex) {
			jobs.forEach((job) -> this.ledger.write(Type.UNCONFIRMED, job.id(), 0, ex.toString()));
		}
	}

}
