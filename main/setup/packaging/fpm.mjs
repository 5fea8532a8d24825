#!/usr/bin/env node
/**
 * Stands in for fpm where electron-builder can't download it: the same arguments, done by dpkg-deb or rpmbuild.
 * Only what electron-builder's deb and rpm targets ask for.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** @typedef {{ values: Record<string, string>, depends: string[], recommends: string[], files: { from: string, to: string }[] }} Request */

const FLAGS = new Set(['--force', '--debug']);
const LISTS = { '-d': 'depends', '--depends': 'depends', '--deb-recommends': 'recommends' };

/** @returns {Request} */
function parse(list) {
  const request = { values: {}, depends: [], recommends: [], files: [] };
  for (let index = 0; index < list.length; index += 1) {
    const argument = list[index];
    if (FLAGS.has(argument)) continue;
    const equals = argument.lastIndexOf('=');
    if (argument in LISTS) request[LISTS[argument]].push(list[(index += 1)]);
    else if (!argument.startsWith('-')) request.files.push({ from: argument.slice(0, equals).replace(/\/$/, ''), to: argument.slice(equals + 1) });
    else if (equals > 0) request.values[argument.slice(0, argument.indexOf('=')).replace(/^-+/, '')] = argument.slice(argument.indexOf('=') + 1);
    else request.values[argument.replace(/^-+/, '')] = list[(index += 1)];
  }
  return request;
}

const run = (command, list) => execFileSync(command, list, { stdio: ['ignore', 'inherit', 'inherit'] });

/** Copies by hard link where it can: an app is hundreds of megabytes. */
function stage(files, root) {
  for (const { from, to } of files) {
    const target = path.join(root, to);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    try {
      execFileSync('cp', ['-al', from, target], { stdio: 'ignore' });
    } catch {
      fs.rmSync(target, { recursive: true, force: true });
      run('cp', ['-a', from, target]);
    }
  }
  run('chmod', ['-R', 'go-w,a+rX', root]);
}

function describe({ description = '', name }) {
  const [first = '', ...rest] = description.trim().split('\n').map((line) => line.trim());
  return { summary: first || name, lines: rest.filter((line) => line !== '') };
}

const COMPRESSION = { xz: ['-Zxz', '-z6'], gz: ['-Zgzip', '-z1'] };
const DEB_SCRIPTS = { 'before-install': 'preinst', 'after-install': 'postinst', 'before-remove': 'prerm', 'after-remove': 'postrm' };

function buildDeb({ values, depends, recommends }, root) {
  const { summary, lines } = describe(values);
  const kilobytes = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0];
  const fields = {
    Package: values.name.toLowerCase(),
    Version: values.version + (values.iteration ? `-${values.iteration}` : ''),
    Architecture: values.architecture,
    Maintainer: values.maintainer,
    'Installed-Size': kilobytes,
    Depends: depends.join(', '),
    Recommends: recommends.join(', '),
    Section: values.category ?? 'video',
    Priority: values['deb-priority'] ?? 'optional',
    Homepage: values.url ?? '',
    Description: [summary, ...lines.map((line) => ` ${line}`)].join('\n'),
  };
  const control = path.join(root, 'DEBIAN');
  fs.mkdirSync(control);
  const text = Object.entries(fields).filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}\n`);
  fs.writeFileSync(path.join(control, 'control'), text.join(''));
  for (const [option, file] of Object.entries(DEB_SCRIPTS)) {
    if (values[option]) fs.writeFileSync(path.join(control, file), fs.readFileSync(values[option]), { mode: 0o755 });
  }
  const compression = COMPRESSION[values['deb-compression']] ?? COMPRESSION.xz;
  run('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, values.package]);
}

/** Built as it is: no stripping, no debug package, no search for dependencies inside the app. */
const RPM_MACROS = `%define _build_id_links none
%global __strip /bin/true
%global debug_package %{nil}
%define __os_install_post %{nil}
%define _binary_payload w6T0.xzdio
`;

function buildRpm({ values, depends, files }, root, work) {
  const { summary } = describe(values);
  const script = (section, option) =>
    values[option] ? `%${section}\n${fs.readFileSync(values[option], 'utf8').replace(/^#!.*\n/, '').replaceAll('%', '%%')}\n` : '';
  const specification = path.join(work, 'package.spec');
  fs.writeFileSync(
    specification,
    `${RPM_MACROS}
Name: ${values.name.toLowerCase()}
Version: ${values.version.replaceAll('-', '~')}
Release: ${values.iteration ?? 1}
Summary: ${values['rpm-summary'] ?? summary}
License: ${values.license ?? 'unknown'}
AutoReqProv: no
${depends.map((name) => `Requires: ${name}\n`).join('')}
%description
${(values.description ?? summary).trim()}
${script('post', 'after-install')}${script('postun', 'after-remove')}
%files
%defattr(-,root,root,-)
${files.map(({ to }) => `"${to}"`).join('\n')}
`,
  );
  const architecture = { amd64: 'x86_64', arm64: 'aarch64' }[values.architecture] ?? values.architecture;
  run('rpmbuild', ['-bb', '--quiet', '--target', architecture, '--buildroot', root, '--define', `_topdir ${work}/rpm`, specification]);
  const built = path.join(work, 'rpm', 'RPMS', architecture);
  fs.copyFileSync(path.join(built, fs.readdirSync(built)[0]), values.package);
}

const request = parse(process.argv.slice(2));
// Beside the result: hard links don't cross file systems.
const work = fs.mkdtempSync(path.join(fs.existsSync(path.dirname(request.values.package)) ? path.dirname(request.values.package) : os.tmpdir(), '.fpm-'));
try {
  const root = path.join(work, 'root');
  stage(request.files, root);
  if (request.values.t === 'deb') buildDeb(request, root);
  else if (request.values.t === 'rpm') buildRpm(request, root, work);
  else throw new Error(`this stand-in for fpm builds deb and rpm, not ${request.values.t}`);
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
