// Runs a declarative Jenkinsfile without Jenkins: every `sh` step for real, in the current directory.
//
// The whole file is gone through before anything runs, and what Jenkins would not know is refused: a
// plain parse takes a misspelt directive for a method call. Known is what our Jenkinsfile uses.
//
// From the environment:
//   BRANCH_NAME      the branch, main if not set; a pull request is PR-<number>
//   CHANGED_FILES    what `changeset` sees, a file a line
//   PARAMETER_<NAME> a build's parameter, if not its default
//   CREDENTIAL_<ID>  the file behind a credential, with _ for - in the id
import java.nio.file.FileSystems
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import org.codehaus.groovy.control.CompilerConfiguration

class Refused extends RuntimeException {
    Refused(String why) { super(why) }
}

class Build {
    static boolean reading = true
    static boolean failed = false
    static String branch = System.getenv('BRANCH_NAME') ?: 'main'
    static List<String> changed = (System.getenv('CHANGED_FILES') ?: '').readLines()
    static Map<String, Object> params = [:]
    static Set<String> stages = [] as Set
    static List<String> ran = new CopyOnWriteArrayList<>()

    static synchronized void say(Object line) {
        if (!reading) { println line }
    }
}

/** A pair of braces: what may stand in it are the methods of a subclass. */
abstract class Block {
    String where
    Map<String, String> env

    def read(Closure body) {
        body.delegate = this
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body.call()
    }

    def methodMissing(String name, Object given) {
        throw new Refused("$where: there is no '$name' here")
    }

    def propertyMissing(String name) {
        if (env?.containsKey(name)) { return env[name] }
        throw new Refused("$where: nothing is called '$name'")
    }
}

class Variables extends Block {
    void setProperty(String name, Object value) {
        if (name in ['where', 'env']) { metaClass.setProperty(this, name, value) }
        else { env[name] = value.toString() }
    }
}

class Options extends Block {
    static final UNITS = ['SECONDS', 'MINUTES', 'HOURS', 'DAYS']

    void buildDiscarder(Map rotator) { }
    void disableConcurrentBuilds() { }
    void skipDefaultCheckout(boolean skip) { }
    void timestamps() { }
    void timeout(Map limit) {
        if (!(limit.time instanceof Integer) || !(limit.unit in UNITS)) { throw new Refused("$where: timeout $limit") }
    }
    Map logRotator(Map kept) {
        def unknown = kept.keySet() - ['numToKeepStr', 'daysToKeepStr', 'artifactNumToKeepStr', 'artifactDaysToKeepStr']
        if (unknown) { throw new Refused("$where: logRotator knows no $unknown") }
        kept
    }
}

class Parameters extends Block {
    void booleanParam(Map about) {
        def given = System.getenv("PARAMETER_$about.name")
        Build.params[about.name as String] = given == null ? about.defaultValue : given == 'true'
    }
}

class Steps extends Block {
    Map getParams() { Build.params }

    String getScm() { 'scm' }

    void checkout(String from) { Build.say("[checkout] $from") }

    void deleteDir() { Build.say('[deleteDir] left as it is') }

    void sh(String script) {
        if (Build.reading) { return }
        Build.say("+ $script")
        def builder = new ProcessBuilder('sh', '-xe', '-c', script).redirectErrorStream(true)
        builder.environment().putAll(env)
        def process = builder.start()
        process.outputStream.close()
        def output = process.inputStream.text
        def status = process.waitFor()
        Build.ran << script
        Build.say(output)
        if (status) { throw new RuntimeException("$where: `$script` ended with $status") }
    }

    void junit(Map given) {
        only('junit', given, ['testResults', 'allowEmptyResults'])
        def found = matching(given.testResults)
        if (!Build.reading && !found && !given.allowEmptyResults) { throw new RuntimeException('junit: no reports') }
        Build.say("[junit] $found")
    }

    void archiveArtifacts(Map given) {
        only('archiveArtifacts', given, ['artifacts', 'allowEmptyArchive'])
        Build.say("[archived] ${given.artifacts.split(', ').collectMany { matching(it) }}")
    }

    Map file(Map given) {
        only('file', given, ['credentialsId', 'variable'])
        if (!Build.reading) {
            def place = "CREDENTIAL_${given.credentialsId.replace('-', '_')}"
            given = given + [path: System.getenv(place)]
            if (!given.path) { throw new Refused("$where: no credential: set $place") }
        }
        given
    }

    void withCredentials(List<Map> bindings, Closure body) {
        def bound = bindings.collectEntries { [it.variable, it.path ?: ''] }
        new Steps(where: where, env: env + bound).read(body)
    }

    private void only(String step, Map given, List<String> known) {
        def unknown = given.keySet() - known
        if (unknown) { throw new Refused("$where: $step knows no $unknown") }
    }

    private static List<String> matching(String pattern) {
        def matcher = FileSystems.default.getPathMatcher("glob:$pattern")
        def root = Path.of('').toAbsolutePath()
        def found = []
        [pattern.contains('/') ? new File(pattern.split('/[^/]*[*]')[0]) : new File('.')].each { place ->
            if (!place.directory) { return }
            place.eachFileRecurse { file ->
                def path = root.relativize(file.toPath().toAbsolutePath().normalize())
                if (file.file && matcher.matches(path)) { found << path.toString() }
            }
        }
        found.sort()
    }
}

class When extends Block {
    List<Boolean> said = []

    void branch(String name) { said << (Build.branch == name) }

    void changeset(String pattern) {
        def matcher = FileSystems.default.getPathMatcher("glob:$pattern")
        // Ant's **/ also stands for no directory at all.
        def plain = FileSystems.default.getPathMatcher("glob:${pattern - '**/'}")
        said << Build.changed.any { matcher.matches(Path.of(it)) || plain.matches(Path.of(it)) }
    }

    void expression(Closure body) { said << (new Steps(where: where, env: env).read(body) as boolean) }

    void anyOf(Closure body) { said << inside(body).any() }

    void allOf(Closure body) { said << inside(body).every() }

    void not(Closure body) { said << !inside(body)[0] }

    private List<Boolean> inside(Closure body) {
        def block = new When(where: where, env: env)
        block.read(body)
        block.said
    }
}

class Post extends Block {
    Map<String, Closure> blocks = [:]

    void always(Closure body) { blocks.always = body }
    void failure(Closure body) { blocks.failure = body }
    void success(Closure body) { blocks.success = body }
    void unsuccessful(Closure body) { blocks.unsuccessful = body }
    void cleanup(Closure body) { blocks.cleanup = body }

    /** In Jenkins' order, each whatever became of those before it. */
    void go(boolean failed) {
        def error = null
        ['always', 'failure', 'success', 'unsuccessful', 'cleanup'].each { name ->
            def due = Build.reading || name in (failed ? ['always', 'failure', 'unsuccessful', 'cleanup']
                : ['always', 'success', 'cleanup'])
            if (!blocks[name] || !due) { return }
            try {
                Build.say("== post of $where: $name")
                new Steps(where: "$where, post", env: env).read(blocks[name])
            } catch (Refused refused) {
                throw refused
            } catch (RuntimeException failure) {
                Build.say(failure.message)
                error = error ?: failure
            }
        }
        if (error) { throw error }
    }
}

class Stage extends Block {
    Map<String, Closure> parts = [:]

    void steps(Closure body) { part('steps', body) }
    void stages(Closure body) { part('stages', body) }
    void parallel(Closure body) { part('parallel', body) }
    void when(Closure body) { part('when', body) }
    void environment(Closure body) { part('environment', body) }
    void post(Closure body) { part('post', body) }

    void part(String name, Closure body) {
        if (parts[name]) { throw new Refused("$where: $name twice") }
        parts[name] = body
    }

    void go() {
        def work = parts.keySet().intersect(['steps', 'stages', 'parallel'])
        if (work.size() != 1) { throw new Refused("$where: needs steps, stages or parallel, and one of them") }
        if (parts.environment) { new Variables(where: "$where, environment", env: env).read(parts.environment) }
        if (parts.when) {
            def condition = new When(where: "$where, when", env: env)
            condition.read(parts.when)
            if (!Build.reading && !condition.said.every()) {
                Build.say("== $where: skipped")
                return
            }
        }
        Build.say("== $where")
        def error = null
        try {
            if (parts.steps) { new Steps(where: where, env: env).read(parts.steps) }
            else { new Stages(where: where, env: env, together: parts.parallel != null).go(parts.stages ?: parts.parallel) }
        } catch (Refused refused) {
            throw refused
        } catch (RuntimeException failure) {
            error = failure
        }
        if (parts.post) {
            def after = new Post(where: where, env: env)
            after.read(parts.post)
            after.go(error != null)
        }
        if (error) { throw error }
    }
}

class Stages extends Block {
    boolean together
    List<Stage> all = []

    void stage(String name, Closure body) {
        if (Build.reading && !Build.stages.add(name)) { throw new Refused("two stages are called '$name'") }
        def stage = new Stage(where: "stage '$name'", env: new LinkedHashMap<>(env))
        stage.read(body)
        all << stage
    }

    void go(Closure body) {
        read(body)
        if (!all) { throw new Refused("$where: no stages") }
        if (!together || Build.reading) {
            all*.go()
            return
        }
        def errors = new CopyOnWriteArrayList<RuntimeException>()
        all.collect { stage ->
            Thread.start {
                try { stage.go() } catch (RuntimeException failure) { errors << failure }
            }
        }*.join()
        if (errors) { throw errors[0] }
    }
}

class Pipeline extends Stage {
    String getAny() { 'any' }
    void label(String name) { }
    void agent(Closure body) { part('agent', body); read(body) }
    void agent(String any) { part('agent', { }) }
    void options(Closure body) { new Options(where: 'options').read(body) }
    void parameters(Closure body) { new Parameters(where: 'parameters').read(body) }

    @Override
    void go() {
        if (!parts.agent || !parts.stages) { throw new Refused('pipeline: needs agent and stages') }
        super.go()
    }
}

abstract class DeclarativeFile extends Script {
    void pipeline(Closure body) {
        def pipeline = new Pipeline(where: 'pipeline', env: [WORKSPACE_TMP: "${new File('').absolutePath}@tmp".toString()])
        pipeline.read(body)
        pipeline.go()
    }
}

def settings = new CompilerConfiguration(scriptBaseClass: DeclarativeFile.name)
def file = new File(args[0])
try {
    [true, false].each { reading ->
        Build.reading = reading
        new GroovyShell(this.class.classLoader, new Binding(), settings).evaluate(file)
    }
    println "pipeline: success, ${Build.ran.size()} sh steps ran"
} catch (Refused refused) {
    System.err.println "$file: $refused.message"
    System.exit(2)
} catch (RuntimeException failure) {
    println "pipeline: failure: $failure.message"
    System.exit(1)
}
